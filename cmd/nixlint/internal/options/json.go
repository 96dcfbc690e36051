package options

import (
	"encoding/json"
	"io"

	"github.com/nixlint/nixlint/analysis/module"
)

// jsonOption is one option in the form of nixpkgs' options.json, which programs
// that show options read, with what nixlint knows beyond it.
type jsonOption struct {
	Loc          []string         `json:"loc"`
	Type         string           `json:"type"`
	Description  string           `json:"description,omitempty"`
	Default      *jsonText        `json:"default,omitempty"`
	Example      *jsonText        `json:"example,omitempty"`
	ReadOnly     bool             `json:"readOnly"`
	Internal     bool             `json:"internal,omitempty"`
	Declarations []string         `json:"declarations"`
	Positions    []jsonPosition   `json:"declarationPositions"`
	Definitions  []jsonDefinition `json:"definitions"`
	Values       []jsonValue      `json:"values"`
}

type jsonText struct {
	Type string `json:"_type"` // literalExpression or literalMD
	Text string `json:"text"`
}

type jsonPosition struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type jsonDefinition struct {
	jsonPosition
	Value      string      `json:"value"`
	Priority   int         `json:"priority"`
	Certain    bool        `json:"certain"`
	Overridden bool        `json:"overridden"`
	Where      []jsonWhere `json:"where"`
}

type jsonValue struct {
	Value string      `json:"value"`
	Known bool        `json:"known"`
	Where []jsonWhere `json:"where"`
}

type jsonWhere struct {
	Host  string   `json:"host"`
	Names []string `json:"names,omitempty"`
}

func (l *List) json(w io.Writer, s Style) error {
	out := make(map[string]jsonOption, len(l.Options))
	for _, o := range l.Options {
		out[module.ShowOption(o.Path)] = o.asJSON(s)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (o *Option) asJSON(s Style) jsonOption {
	out := jsonOption{
		Loc: o.Path, Type: o.Type, Description: o.Description, Default: o.Default.asJSON(), Example: o.Example.asJSON(),
		ReadOnly: o.ReadOnly, Internal: o.Internal,
		Declarations: []string{}, Positions: []jsonPosition{}, Definitions: []jsonDefinition{}, Values: []jsonValue{},
	}
	for _, p := range o.Declared {
		out.Declarations = append(out.Declarations, s.show(p.File))
		out.Positions = append(out.Positions, p.asJSON(s))
	}
	for _, d := range o.Set {
		out.Definitions = append(out.Definitions, jsonDefinition{d.Position.asJSON(s), d.Value, d.Priority, d.Certain, d.Overridden, whereJSON(d.Where)})
	}
	for _, v := range o.Values {
		out.Values = append(out.Values, jsonValue{v.Text, v.Known, whereJSON(v.Where)})
	}
	return out
}

func (t *Text) asJSON() *jsonText {
	if t == nil {
		return nil
	}
	kind := "literalExpression"
	if t.Markdown {
		kind = "literalMD"
	}
	return &jsonText{kind, t.Text}
}

func (p Position) asJSON(s Style) jsonPosition { return jsonPosition{s.show(p.File), p.Line, p.Column} }

func whereJSON(where []Where) []jsonWhere {
	out := make([]jsonWhere, 0, len(where))
	for _, w := range where {
		out = append(out, jsonWhere(w))
	}
	return out
}
