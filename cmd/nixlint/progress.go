package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// progressAfter is how long work takes before one is told that it goes on.
	progressAfter = 500 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

// startProgress tells on a terminal that work goes on, if it takes long. What
// it returns ends that, and leaves the line as it was.
func startProgress(w io.Writer, what string) (end func()) {
	if !isTerminal(w) {
		return func() {}
	}
	return spin(w, what, time.After(progressAfter))
}

// spin draws a spinner from a moment on.
func spin(w io.Writer, what string, begin <-chan time.Time) (end func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-begin:
		case <-done:
			return
		}
		start := time.Now()
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		frames := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
		for i := 0; ; i++ {
			seconds := ""
			if n := int(time.Since(start).Seconds()); n > 0 {
				seconds = fmt.Sprintf(" (%d s)", n)
			}
			fmt.Fprintf(w, "\r\x1b[K%c %s%s", frames[i%len(frames)], what, seconds)
			select {
			case <-tick.C:
			case <-done:
				fmt.Fprint(w, "\r\x1b[K")
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		close(done)
		wg.Wait()
	})
}
