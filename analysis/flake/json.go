package flake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// value is a JSON value with its place.
type value struct {
	span    parser.Span
	scalar  any      // string, json.Number, bool or nil
	members []member // of an object
	elems   []value  // of an array
	kind    byte     // '{', '[', or 0 for a scalar
}

// member is one name of an object with its value.
type member struct {
	name  string
	at    parser.Span // the name with its quotes
	value value
}

// get returns the member of an object. Of those with the same name the last
// counts.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// text returns a string, or "" for anything else.
func (v *value) text() string {
	if v == nil {
		return ""
	}
	s, _ := v.scalar.(string)
	return s
}

// A SyntaxError is a mistake in flake.lock.
type SyntaxError struct {
	Offset  int // in bytes
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// maxNesting bounds how deep values may be nested.
const maxNesting = 200

// jsonReader reads values with their places.
type jsonReader struct {
	dec  *json.Decoder
	text string
}

func readJSON(text string) (value, error) {
	r := jsonReader{json.NewDecoder(strings.NewReader(text)), text}
	r.dec.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return v, r.problem(err)
	}
	end := r.start()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return v, &SyntaxError{end, "there is more text behind the end of the value"}
	}
	return v, nil
}

// problem gives an error of the decoder its place.
func (r *jsonReader) problem(err error) error {
	var own *SyntaxError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &syntax):
		return &SyntaxError{min(int(syntax.Offset), len(r.text)), "this is not JSON: " + syntax.Error()}
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &SyntaxError{len(r.text), "the file ends before its value does"}
	}
	return &SyntaxError{int(r.dec.InputOffset()), err.Error()}
}

// start returns where the next token begins.
func (r *jsonReader) start() int {
	at := int(r.dec.InputOffset())
	for at < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[at]) >= 0 {
		at++
	}
	return at
}

func (r *jsonReader) value(depth int) (value, error) {
	start := r.start()
	if depth > maxNesting {
		return value{}, &SyntaxError{start, fmt.Sprintf("values are nested more than %d levels deep", maxNesting)}
	}
	token, err := r.dec.Token()
	if err != nil {
		return value{}, err
	}
	v := value{}
	switch t := token.(type) {
	case json.Delim:
		v.kind = byte(t)
		for r.dec.More() {
			var m member
			if t == '{' {
				at := r.start()
				name, err := r.dec.Token()
				if err != nil {
					return v, err
				}
				m.name, _ = name.(string)
				m.at = r.span(at)
			}
			if m.value, err = r.value(depth + 1); err != nil {
				return v, err
			}
			if t == '{' {
				v.members = append(v.members, m)
			} else {
				v.elems = append(v.elems, m.value)
			}
		}
		if _, err := r.dec.Token(); err != nil {
			return v, err
		}
	default:
		v.scalar = t
	}
	v.span = r.span(start)
	return v, nil
}

// span is what has been read since start.
func (r *jsonReader) span(start int) parser.Span {
	return parser.Span{Start: uint32(start), End: uint32(r.dec.InputOffset())}
}
