package eval

import (
	"fmt"
	"math"
)

// Limits bound an evaluation. What exceeds them is unknown.
type Limits struct {
	// Steps is the number of thunks forced and functions called.
	Steps int
	// Depth is how deep expressions may be evaluated inside each other. A
	// level of depth takes some hundred bytes of stack.
	Depth int
	// Bytes is how much memory values may take, counted roughly when they
	// are made.
	Bytes int
}

// DefaultLimits are ample for a repository of many hosts.
var DefaultLimits = Limits{Steps: 20_000_000, Depth: 100_000, Bytes: 2 << 30}

// budget is what an evaluation has used up.
type budget struct {
	limits Limits
	steps  int
	depth  int
	bytes  int
	// level counts the thunks being computed. taint is the lowest level
	// whose result must not be kept, or untainted.
	level, taint int32

	exceeded [3]*Unknown // by kind of limit; nil if it was kept
}

const untainted int32 = math.MaxInt32

// The kinds of limits.
const (
	limitSteps = iota
	limitDepth
	limitBytes
)

// Reset gives the evaluator a fresh budget.
func (ev *Evaluator) Reset() {
	ev.budget = budget{limits: ev.limits, taint: untainted}
}

// Steps returns how many steps have been taken since the last Reset.
func (ev *Evaluator) Steps() int { return ev.steps }

// Exceeded returns a clause for each limit that was exceeded since the last
// Reset.
func (ev *Evaluator) Exceeded() []string {
	var out []string
	for _, u := range ev.exceeded {
		if u != nil {
			out = append(out, u.Reason)
		}
	}
	return out
}

// exceed is what is evaluated when a limit is exceeded. Nothing that is being
// computed is kept.
func (ev *Evaluator) exceed(limit int) *Unknown {
	ev.taint = 0
	if ev.exceeded[limit] == nil {
		reason := ""
		switch limit {
		case limitSteps:
			reason = fmt.Sprintf("evaluation takes more than %d steps", ev.limits.Steps)
		case limitDepth:
			reason = fmt.Sprintf("evaluation is nested more than %d levels deep", ev.limits.Depth)
		case limitBytes:
			reason = fmt.Sprintf("evaluation takes more than %d MiB of memory", ev.limits.Bytes>>20)
		}
		ev.exceeded[limit] = NewUnknown(reason)
	}
	return ev.exceeded[limit]
}

// step counts a step. It returns an unknown if the budget is used up.
func (ev *Evaluator) step() *Unknown {
	ev.steps++
	if ev.steps > ev.limits.Steps {
		return ev.exceed(limitSteps)
	}
	if ev.bytes > ev.limits.Bytes {
		return ev.exceed(limitBytes)
	}
	return nil
}

// enter counts levels of depth, which leave takes off again unless enter
// returned an unknown because they are too many.
func (ev *Evaluator) enter(levels int) *Unknown {
	if ev.depth += levels; ev.depth > ev.limits.Depth {
		ev.depth -= levels
		return ev.exceed(limitDepth)
	}
	return nil
}

func (ev *Evaluator) leave(levels int) { ev.depth -= levels }

// Forget keeps the results of what is being computed from being kept: they
// would be others at another time. A native calls it that cannot answer yet.
func (ev *Evaluator) Forget() { ev.taint = 0 }

// Nested runs a native function that calls itself for values inside values. It
// returns an unknown instead if they are nested too deeply.
func (ev *Evaluator) Nested(f func() Value) Value {
	if u := ev.enter(2); u != nil {
		return u
	}
	defer ev.leave(2)
	return f()
}

// Reserve counts the bytes of a value about to be made. It returns an unknown
// to use instead if they are too many.
func (ev *Evaluator) Reserve(bytes int) *Unknown {
	if bytes < 0 || bytes > ev.limits.Bytes-ev.bytes {
		return ev.exceed(limitBytes)
	}
	ev.bytes += bytes
	return nil
}

// The limits of a speculation.
const (
	speculativeSteps = 4000
	speculativeDepth = 2000
)

// speculate computes a value that Nix might never compute, at small cost. ok is
// false if it took too much or came to nothing.
func (ev *Evaluator) speculate(t *Thunk) (v Value, ok bool) {
	if v := t.done(); v != nil {
		return v, true
	}
	saved := ev.budget
	ev.limits.Steps = min(ev.limits.Steps, ev.steps+speculativeSteps)
	ev.limits.Depth = min(ev.limits.Depth, ev.depth+speculativeDepth)
	ev.taint = untainted
	v = ev.Force(t)
	ok = ev.taint == untainted
	steps, bytes := ev.steps, ev.bytes
	ev.budget = saved
	ev.steps, ev.bytes = steps, bytes
	return v, ok
}
