package lsp

import (
	"context"
	"io"
	"runtime"
)

// ServeProcess makes the whole process a server on an input and an output.
//
// It lives long and shares the machine with the editor, so it collects garbage in pauses.
// And it gives the runtime more processors than look at files and hosts at once: then what
// a user waits for need not wait until one of those is interrupted, which takes up to 10 ms;
// the system shares the cores among them. With less than four, moreover, the collector
// would have no processor of its own and take turns of such a length on each.
func ServeProcess(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	o.pause = newCollector().pause
	o.jobs = runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(max(o.jobs+2, 4))
	return Serve(ctx, newStdio(in, out), o)
}
