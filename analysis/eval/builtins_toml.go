package eval

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

var tomlBuiltins = map[string]builtin{
	"fromTOML": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		s, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		v, err := ParseTOML(s)
		if err != nil {
			return Errorf(argAt(a[0], at), "invalid TOML: %s", err)
		}
		return v
	}},
}

// ParseTOML makes a value of TOML text. Dates and times become the sets that
// Nix makes of them if its experimental feature parse-toml-timestamps is on.
func ParseTOML(text string) (Value, error) {
	var data map[string]any
	if err := toml.Unmarshal([]byte(text), &data); err != nil {
		if at := (*toml.DecodeError)(nil); errors.As(err, &at) {
			line, _ := at.Position()
			return nil, fmt.Errorf("line %d: %s", line, strings.TrimPrefix(at.Error(), "toml: "))
		}
		return nil, err
	}
	return tomlValue(data, 0)
}

func tomlValue(data any, depth int) (Value, error) {
	if depth > maxDataDepth {
		return nil, errNesting
	}
	switch d := data.(type) {
	case map[string]any:
		values := make(map[string]Value, len(d))
		for name, x := range d {
			v, err := tomlValue(x, depth+1)
			if err != nil {
				return nil, err
			}
			if strings.IndexByte(name, 0) >= 0 {
				return nil, errors.New("a key has a character that is zero")
			}
			values[name] = v
		}
		return NewAttrs(values), nil
	case []any:
		l := &List{Elems: make([]*Thunk, len(d))}
		for i, x := range d {
			v, err := tomlValue(x, depth+1)
			if err != nil {
				return nil, err
			}
			l.Elems[i] = Done(v)
		}
		return l, nil
	case bool:
		return Bool(d), nil
	case int64:
		return Int(d), nil
	case float64:
		return Float(d), nil
	case string:
		if strings.IndexByte(d, 0) >= 0 {
			return nil, errors.New("a string has a character that is zero")
		}
		return String(d), nil
	case time.Time:
		return timestamp(d.Format("2006-01-02T15:04:05") + subseconds(d.Nanosecond()) + d.Format("Z07:00")), nil
	case toml.LocalDateTime:
		return timestamp(d.LocalDate.String() + "T" + localTime(d.LocalTime)), nil
	case toml.LocalDate:
		return timestamp(d.String()), nil
	case toml.LocalTime:
		return timestamp(localTime(d)), nil
	}
	return nil, fmt.Errorf("a value of type %T is not supported", data)
}

func timestamp(text string) Value {
	return NewAttrs(map[string]Value{"_type": String("timestamp"), "value": String(text)})
}

func localTime(t toml.LocalTime) string {
	return fmt.Sprintf("%02d:%02d:%02d%s", t.Hour, t.Minute, t.Second, subseconds(t.Nanosecond))
}

// subseconds writes a fraction of a second with three, six or nine digits.
func subseconds(nanos int) string {
	switch {
	case nanos == 0:
		return ""
	case nanos%1_000_000 == 0:
		return fmt.Sprintf(".%03d", nanos/1_000_000)
	case nanos%1000 == 0:
		return fmt.Sprintf(".%06d", nanos/1000)
	}
	return fmt.Sprintf(".%09d", nanos)
}
