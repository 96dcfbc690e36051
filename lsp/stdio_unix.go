//go:build unix

package lsp

import (
	"os"
	"syscall"
)

// withoutBlocking returns a pipe as a file that the runtime reads and writes without
// blocking. Other files it returns as they are. The one that it gets must not be closed
// while the other is used.
func withoutBlocking(f *os.File) *os.File {
	if !isPipe(f) {
		return f
	}
	fd := f.Fd()
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		return f
	}
	return os.NewFile(fd, f.Name()) // looks at the mode and asks the runtime to poll
}
