package eval

import (
	"fmt"
	"strings"
)

// ErrorKind tells errors apart.
type ErrorKind uint8

// The kinds of errors.
const (
	ErrorThrow  ErrorKind = iota // throw; tryEval catches it, ErrorAssert and ErrorRefused
	ErrorAbort                   // abort
	ErrorAssert                  // an assert whose condition is false
	ErrorType
	ErrorMissingAttr
	ErrorMissingFile
	ErrorUndefined // a variable that nothing defines
	ErrorArgument  // a function called with the wrong attributes
	ErrorRecursion // a value that needs itself
	ErrorSyntax
	ErrorRefused // what the module system of nixpkgs throws
	ErrorOther
)

// Error is a failure that Nix would certainly meet too. It is a value, so that
// one failing attribute does not hide the others.
type Error struct {
	Kind    ErrorKind
	Message string
	At      Place // invalid if only native code took part
	// Attr and Set are, for ErrorMissingAttr, the name and the set that lacks
	// it; Attr is the path for ErrorMissingFile and the name for
	// ErrorUndefined and ErrorArgument.
	Attr string
	Set  *Attrs
	// Trace holds what was being evaluated when the error first arose,
	// innermost first: expressions whose value was wanted, and calls. Those
	// furthest out are left out if there are many.
	Trace []Place
}

// Error makes it a Go error.
func (e *Error) Error() string { return e.Message }

// maxTrace bounds the length of a trace.
const maxTrace = 32

// unwind ends the innermost evaluation, which came to a value. An error that
// arose in it is told where it did.
func (ev *Evaluator) unwind(v Value) {
	if err, ok := v.(*Error); ok && err.Trace == nil {
		err.Trace = make([]Place, 0, min(len(ev.frames), maxTrace))
		for i := len(ev.frames) - 1; i >= 0 && len(err.Trace) < maxTrace; i-- {
			if at := ev.frames[i]; at.IsValid() {
				err.Trace = append(err.Trace, at)
			}
		}
	}
	ev.frames = ev.frames[:len(ev.frames)-1]
}

// inside calls f, which looks at what is in the value of t, unless that is
// nested too deeply. An error that f returns is told that it is there.
func (ev *Evaluator) inside(t *Thunk, f func() *Error) *Error {
	if ev.enter(2) != nil {
		return nil
	}
	ev.frames = append(ev.frames, t.At())
	err := f()
	if err != nil {
		ev.unwind(err)
	} else {
		ev.frames = ev.frames[:len(ev.frames)-1]
	}
	ev.leave(2)
	return err
}

// Errorf returns an error of kind ErrorOther, for natives that refuse their
// arguments.
func Errorf(at Place, format string, args ...any) *Error {
	return &Error{Kind: ErrorOther, Message: fmt.Sprintf(format, args...), At: at}
}

// Mismatch is the error of a value of another type than wanted, such as "a
// list". Unknown values are passed on as what is derived from them, errors as
// they are.
func Mismatch(want string, got Value, at Place) Value {
	switch v := got.(type) {
	case *Unknown:
		return v.Derive()
	case *Error:
		return v
	}
	return &Error{Kind: ErrorType, Message: "expected " + want + " but found " + describe(got), At: at}
}

// describe names a value briefly.
func describe(v Value) string {
	switch v := v.(type) {
	case Null, Bool, Int:
		return v.typeName() + " (`" + printScalar(v) + "`)"
	case String:
		const limit = 40
		if len(v) > limit || strings.ContainsAny(string(v), "\n`") {
			return v.typeName()
		}
		return v.typeName() + " (`" + quote(string(v)) + "`)"
	}
	return v.typeName()
}

func missingAttr(name string, set *Attrs, at Place) *Error {
	return &Error{Kind: ErrorMissingAttr, Message: "attribute `" + name + "` is missing", Attr: name, Set: set, At: at}
}

func missingFile(path string, at Place) *Error {
	return &Error{Kind: ErrorMissingFile, Message: "path `" + path + "` does not exist", Attr: path, At: at}
}
