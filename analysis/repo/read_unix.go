//go:build unix

package repo

import (
	"os"
	"syscall"
)

// readFile is os.ReadFile with half of its calls of the kernel, for repositories have
// thousands of small files.
func readFile(name string) ([]byte, error) {
	fd, err := openFile(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	defer syscall.Close(fd)
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return nil, &os.PathError{Op: "stat", Path: name, Err: err}
	}
	if stat.Mode&syscall.S_IFMT != syscall.S_IFREG || stat.Size == 0 || stat.Size > 1<<30 {
		return os.ReadFile(name)
	}
	data := make([]byte, stat.Size)
	for read := 0; read < len(data); {
		n, err := readFrom(fd, data[read:])
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return nil, &os.PathError{Op: "read", Path: name, Err: err}
		case n == 0:
			return data[:read], nil // it has become shorter
		default:
			read += n
		}
	}
	return data, nil
}

// openFlags open a file for reading, without waiting for who writes to it if it is a pipe.
const openFlags = syscall.O_RDONLY | syscall.O_CLOEXEC | syscall.O_NONBLOCK

func openFile(name string) (fd int, err error) {
	for {
		if fd, err = openWith(name, openFlags); err != syscall.EINTR {
			return fd, err
		}
	}
}
