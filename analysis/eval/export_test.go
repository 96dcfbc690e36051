package eval

// Balance returns what must be zero when nothing is being evaluated, and the
// steps and bytes used.
func (ev *Evaluator) Balance() (unbalanced, steps, bytes int) {
	return ev.depth + int(ev.level) + len(ev.frames), ev.steps, ev.bytes
}
