//go:build unix && !linux

package repo

import "syscall"

func openWith(name string, flags int) (fd int, err error) { return syscall.Open(name, flags, 0) }

func readFrom(fd int, data []byte) (n int, err error) { return syscall.Read(fd, data) }
