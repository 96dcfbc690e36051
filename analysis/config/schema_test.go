package config_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/config"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema(someRules)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(config.SchemaURL, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(config.SchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// satisfies reports whether a TOML document satisfies the schema.
func satisfies(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var v map[string]any
	if err := toml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// TestSchema checks that the schema and the reader agree: on the cases that are
// right, and on the mistakes that a schema can see.
func TestSchema(t *testing.T) {
	s := compiledSchema(t)
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, 0
	for _, name := range archives {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if filepath.Ext(f.Name) != ".toml" || toml.Unmarshal(f.Data, new(map[string]any)) != nil {
				continue
			}
			_, errs := config.Parse(f.Name, f.Data)
			err := satisfies(t, s, f.Data)
			if len(errs) == 0 && err != nil {
				t.Errorf("%s: %s is right, but not by the schema: %v", name, f.Name, err)
			}
			if len(errs) > 0 && err == nil {
				t.Errorf("%s: %s is wrong, but not by the schema: %v", name, f.Name, errs)
			}
			if len(errs) == 0 {
				good++
			} else {
				bad++
			}
		}
	}
	if good < 5 || bad < 3 {
		t.Errorf("%d files are right and %d wrong: too few to tell anything", good, bad)
	}
}

// TestExamples checks that the examples in the documentation are right.
func TestExamples(t *testing.T) {
	s := compiledSchema(t)
	count := 0
	for _, block := range strings.Split(config.Document(someRules), "```toml\n")[1:] {
		example, _, _ := strings.Cut(block, "```")
		count++
		if _, errs := config.Parse("example", []byte(example)); len(errs) > 0 {
			t.Errorf("%s\n%v", example, errs)
		}
		if err := satisfies(t, s, []byte(example)); err != nil {
			t.Errorf("%s\n%v", example, err)
		}
	}
	if count < 7 {
		t.Errorf("there are only %d examples", count)
	}
}
