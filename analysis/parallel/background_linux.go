package parallel

import (
	"runtime"
	"syscall"
)

// behind is by how much the priority of what runs in the background is lower, on the scale of
// nice(1): it gets a tenth of what others get that want the same core, and all of it when
// nobody does.
const behind = 10

// Background makes the goroutine that calls it give way, until it ends, to all others in the
// process that have something to do: the system's scheduler, which the runtime does not tell
// what is urgent, takes the core from it at once for them. It is for work that nobody waits
// for, and does nothing on systems that have no priorities of threads.
func Background() {
	// Nobody but the superuser may raise a priority again, so the thread is this goroutine's
	// alone and ends with it. The runtime starts no thread from one that is locked, which
	// would inherit the priority.
	runtime.LockOSThread()
	thread := syscall.Gettid()
	// The system call returns 20 less the priority: see getpriority(2).
	now, err := syscall.Getpriority(syscall.PRIO_PROCESS, thread)
	if err == nil {
		err = syscall.Setpriority(syscall.PRIO_PROCESS, thread, 20-now+behind)
	}
	if err != nil {
		runtime.UnlockOSThread()
	}
}
