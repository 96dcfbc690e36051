package main

import (
	"strings"
	"testing"
	"time"
)

func TestSpin(t *testing.T) {
	var o output
	begin := make(chan time.Time, 1)
	end := spin(&o, "checking x", begin)
	if o.String() != "" {
		t.Errorf("it is shown too early: %q", o.String())
	}
	begin <- time.Time{}
	o.waitFor(t, 0, "⠙ checking x")
	end()
	end() // does no harm
	if got := o.String(); !strings.HasPrefix(got, "\r\x1b[K⠋ checking x") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("it is not cleared away: %q", got)
	}

	o = output{}
	spin(&o, "checking x", make(chan time.Time))()
	if o.String() != "" {
		t.Errorf("short work is shown: %q", o.String())
	}
	startProgress(&o, "checking x")()
	if o.String() != "" {
		t.Errorf("it is shown on no terminal: %q", o.String())
	}
}
