package config

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// SchemaURL is where the JSON schema of files of settings is published.
const SchemaURL = "https://raw.githubusercontent.com/nixlint/nixlint/main/docs/nixlint.schema.json"

// schema is a JSON schema or a part of one.
type schema map[string]any

// Schema returns the JSON schema of files of settings, made from the types that
// they are read into and the rules there are. Names of rules are open, for
// there may be some of the user's.
func Schema(rules []Rule) []byte {
	m := schemaMaker{names: newKnown(rules).names, rules: rules}
	slices.Sort(m.names)
	root := m.table(reflect.TypeFor[File]())
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["$id"] = SchemaURL
	root["title"] = FileName
	root["description"] = "Settings of nixlint."
	root["definitions"] = schema{
		"rule": schema{"anyOf": []schema{{"enum": m.names}, {"type": "string", "pattern": ruleNameForm().String()}}},
		"glob": schema{"type": "string", "minLength": 1, "description": "Files relative to the folder of nixlint.toml; * is anything but a slash, ** any number of folders. A folder stands for all that is in it."},
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(root); err != nil {
		panic(err) // maps, lists and strings can be written
	}
	return b.Bytes()
}

type schemaMaker struct {
	names []string
	rules []Rule
}

// table returns the schema of a struct.
func (m *schemaMaker) table(t reflect.Type) schema {
	properties := make(schema)
	var required []string
	for _, s := range settingsOf(t) {
		p := m.value(s.field.Type)
		if _, isRef := p["$ref"]; isRef {
			p = schema{"allOf": []schema{p}}
		}
		p["description"] = s.field.Tag.Get("doc")
		if s.key == "severity" && isKeyed(s.field.Type) {
			m.nameRules(p)
		}
		if d := s.field.Tag.Get("default"); d != "" {
			if p["type"] == "string" {
				p["default"] = d
			} else {
				p["default"] = json.RawMessage(d)
			}
		}
		properties[s.key] = p
		if s.field.Tag.Get("need") != "" {
			required = append(required, s.key)
		}
	}
	out := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		out["required"] = required
	}
	return out
}

// nameRules adds the rules, with what they find, to the keys of a table by
// rule.
func (m *schemaMaker) nameRules(p schema) {
	properties := make(schema)
	for _, r := range m.rules {
		level := m.value(reflect.TypeFor[Entry[Level]]())
		level["description"] = r.Summary
		properties[r.Name] = level
	}
	p["properties"] = properties
	p["propertyNames"] = schema{"$ref": "#/definitions/rule"}
}

func (m *schemaMaker) value(t reflect.Type) schema {
	switch {
	case isEntry(t):
		return scalarSchema(t.Field(0).Type)
	case t.Kind() == reflect.Struct:
		return m.table(t)
	case isKeyed(t):
		return schema{"type": "object", "additionalProperties": m.value(t.Elem().Field(1).Type)}
	}
	return schema{"type": "array", "items": m.value(t.Elem())}
}

// scalarSchema returns the schema of the value of an Entry.
func scalarSchema(t reflect.Type) schema {
	switch v := reflect.Zero(t).Interface().(type) {
	case enumerated:
		return schema{"type": "string", "enum": v.values()}
	case RuleName:
		return schema{"$ref": "#/definitions/rule"}
	case Glob:
		return schema{"$ref": "#/definitions/glob"}
	case Columns:
		return schema{"type": "integer", "minimum": 1, "maximum": maxColumns}
	case Count:
		return schema{"type": "integer", "minimum": 0}
	case Regexp:
		return schema{"type": "string"}
	case Text, Path, OptionPath:
		return schema{"type": "string", "minLength": 1}
	}
	return schema{"type": "boolean"}
}

// typeName describes the values of a type in the documentation.
func typeName(t reflect.Type) string {
	switch {
	case isKeyed(t):
		return "table by name: " + typeName(t.Elem().Field(1).Type)
	case t.Kind() == reflect.Slice:
		return "list of " + typeName(t.Elem()) + "s"
	case !isEntry(t):
		return "table"
	}
	switch v := reflect.Zero(t.Field(0).Type).Interface().(type) {
	case enumerated:
		return "`\"" + strings.Join(v.values(), "\"`, `\"") + "\"`"
	case RuleName:
		return "rule"
	case Glob:
		return "glob"
	case Columns, Count:
		return "number"
	case Regexp:
		return "regular expression"
	case Path:
		return "path"
	case OptionPath:
		return "option"
	case Text:
		return "string"
	}
	return "`true`, `false`"
}
