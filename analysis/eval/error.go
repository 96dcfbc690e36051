package eval

import (
	"fmt"
	"strings"
)

// ErrorKind tells errors apart.
type ErrorKind uint8

// The kinds of errors.
const (
	ErrorThrow  ErrorKind = iota // throw; tryEval catches it, and ErrorAssert
	ErrorAbort                   // abort
	ErrorAssert                  // an assert whose condition is false
	ErrorType
	ErrorMissingAttr
	ErrorMissingFile
	ErrorUndefined // a variable that nothing defines
	ErrorArgument  // a function called with the wrong attributes
	ErrorRecursion // a value that needs itself
	ErrorSyntax
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
}

// Error makes it a Go error.
func (e *Error) Error() string { return e.Message }

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
