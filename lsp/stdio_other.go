//go:build !unix

package lsp

import "os"

// withoutBlocking does nothing where files are read in another way.
func withoutBlocking(f *os.File) *os.File { return f }
