//go:build !linux

package parallel

// Background does nothing where threads have no priorities of their own.
func Background() {}
