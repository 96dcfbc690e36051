package lsp

import (
	"io"
	"os"
)

// newStdio returns an input and an output as one pipe.
//
// A goroutine that reads a file as files are read by default keeps one of the few
// processors that the runtime hands out until the runtime finds, up to 10 ms later, that
// nothing has come; what the last message has woken waits in the queue of that processor.
// Pipes and sockets are therefore read and written without blocking.
func newStdio(in io.Reader, out io.Writer) io.ReadWriteCloser {
	if f, ok := in.(*os.File); ok {
		in = withoutBlocking(f)
	}
	if f, ok := out.(*os.File); ok {
		out = withoutBlocking(f)
	}
	return stdio{in, out}
}

type stdio struct {
	io.Reader
	io.Writer
}

// Close closes the input, if that can be closed, so that nobody waits for it.
func (s stdio) Close() error {
	if c, ok := s.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// isPipe reports whether a file is a pipe or a socket. Others, a terminal above all, may be
// shared with programs that live on and are read by blocking.
func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0
}
