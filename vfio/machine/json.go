package machine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Word is a number of 16 bits that is written as four hexadecimal digits.
type Word uint16

// MarshalText implements [encoding.TextMarshaler].
func (w Word) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%04x", uint16(w)), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (w *Word) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 16, 16)
	if err != nil || len(text) != 4 {
		return fmt.Errorf("`%s` does not have four hexadecimal digits", text[:min(len(text), 20)])
	}
	*w = Word(n)
	return nil
}

// Numbered is a map whose keys are written in the order of their numbers.
type Numbered[T any] map[int]T

// Numbers returns the keys in ascending order.
func (n Numbered[T]) Numbers() []int { return slices.Sorted(maps.Keys(n)) }

// MarshalJSON implements [json.Marshaler].
func (n Numbered[T]) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range n.Numbers() {
		if i > 0 {
			b.WriteByte(',')
		}
		v, err := json.Marshal(n[k])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `"%d":%s`, k, v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Table is the table by which the firmware announces an IOMMU. The zero value
// is unknown.
type Table struct {
	Known bool
	Name  string // "IVRS" (AMD), "DMAR" (Intel), "" if there is none
}

// MarshalJSON implements [json.Marshaler].
func (t Table) MarshalJSON() ([]byte, error) {
	if t.Name == "" {
		return []byte("null"), nil
	}
	return json.Marshal(t.Name)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Table) UnmarshalJSON(b []byte) error {
	*t = Table{Known: true}
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, &t.Name)
}
