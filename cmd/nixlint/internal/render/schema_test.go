package render

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // has the schema of SARIF in its source
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifStandard compiles the official JSON schema of SARIF 2.1.0. It comes from
// the source of a library, which keeps it to itself.
func sarifStandard(t *testing.T) *jsonschema.Schema {
	t.Helper()
	pkg, err := build.Import("github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && text == "" {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return compileSchema(t, []byte(text))
}

// compileSchema reads a JSON schema, the formats in it included.
func compileSchema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// mustMatch checks texts against a schema, and that each of the changes, which
// are made one at a time, is not of the schema any more.
func mustMatch(t *testing.T, schema *jsonschema.Schema, texts [][]byte, changes map[string]string) {
	t.Helper()
	validate := func(text []byte) error {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("no JSON: %w", err)
		}
		return schema.Validate(doc)
	}
	for _, text := range texts {
		if err := validate(text); err != nil {
			t.Error(err)
		}
	}
	for old, wrong := range changes {
		broken := bytes.Replace(texts[0], []byte(old), []byte(wrong), 1)
		if bytes.Equal(broken, texts[0]) {
			t.Errorf("%s is not written", old)
		} else if validate(broken) == nil {
			t.Errorf("%s is of the schema", wrong)
		}
	}
}

func TestSARIFIsOfTheStandard(t *testing.T) {
	mustMatch(t, sarifStandard(t), [][]byte{written(t, document(), "sarif"), written(t, &Document{Dir: "/"}, "sarif")}, map[string]string{
		`"level":"note"`:      `"level":"info"`,
		`"startLine":2`:       `"startLine":0`,
		`"message":`:          `"title":`,
		`"replacements":`:     `"edits":`,
		`"version":"2.1.0"`:   `"version":"2.0.0"`,
		`"unicodeCodePoints"`: `"characters"`,
		`"uri":"dir/`:         `"uri":"::dir/`,
	})
}

func TestJSONIsAsPublished(t *testing.T) {
	schema, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "findings.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	mustMatch(t, compileSchema(t, schema), [][]byte{written(t, document(), "json"), written(t, &Document{}, "json")}, map[string]string{
		`"version":1`:       `"version":2`,
		`"line":2`:          `"line":0`,
		`"message":`:        `"text":`,
		`"severity":"info"`: `"severity":"note"`,
		`"startByte":`:      `"start":`,
		`"create":true`:     `"create":false`,
		`"safe":`:           `"certain":`,
		`"files":`:          `"total":`,
	})
}
