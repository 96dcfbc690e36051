package rules

import (
	"errors"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/parser"
)

var syntax = &Rule{
	Name:     "syntax",
	Group:    "syntax",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the file cannot be read as Nix",
	Why: `Nix refuses a file with a syntax error, and with it every host that imports the file. This rule also
covers what Nix checks while it reads: attributes and parameters that are defined twice, computed names in
` + "`let` and `inherit`" + `, operators that need parentheses, numbers out of range, and merge conflicts that
were left in the file, in ` + "`flake.lock`" + ` too. The rest of the file is understood nevertheless and goes on being checked.

Files in folders of templates and snippets with placeholders in them, such as ` + "`{{ name }}` or `${1:name}`" + `, become Nix only when they are filled in, and are left alone.`,
	Bad:  "{\n  a = 1\n  b = 2;\n}\n",
	Good: "{\n  a = 1;\n  b = 2;\n}\n",
	Fix:  SometimesFix,
	File: func(f *File) {
		if f.Tree.HasSyntaxErrors() && isUnfilled(f.Path, f.Text) {
			return
		}
		for _, d := range diagnostic.FromSyntax(f.Path, f.Tree) {
			f.Report(d)
		}
	},
	Repo: func(r *Repo) {
		text, err := r.Text("flake.lock")
		if err != nil {
			return // a flake need not be locked
		}
		conflicts := parser.Conflicts(text)
		if _, err := flake.ReadLock(text); err != nil && len(conflicts) == 0 {
			d := diagnostic.Diagnostic{File: "flake.lock", Message: "the lock file cannot be read: " + err.Error()}
			if syntax, ok := errors.AsType[*flake.SyntaxError](err); ok {
				d.Span = parser.Span{Start: uint32(syntax.Offset), End: uint32(min(syntax.Offset+1, len(text)))}
			}
			d.Help = "run `nix flake lock` to make a new one"
			r.Report(d)
		}
		for _, c := range conflicts {
			first, _, _ := strings.Cut(text[c.Start:c.End], "\n")
			r.Report(diagnostic.Diagnostic{
				File: "flake.lock", Span: parser.Span{Start: c.Start, End: c.Start + uint32(len(first))},
				Message: "unresolved merge conflict",
				Help:    "take either side of the file and run `nix flake lock`",
				Related: []diagnostic.Related{{File: "flake.lock", Span: parser.Span{Start: c.End, End: c.End}, Message: "the conflict ends here"}},
			})
		}
	},
}

// placeholder is what programs that fill in templates and editors with snippets replace.
var placeholder = lazily(`\{\{|\{%|<%|\$\{?[0-9]|@[A-Za-z_]+@|@@|%[A-Z_]+%|[.:=] *<[A-Za-z_ -]+>`)

// isUnfilled reports whether a file that is no Nix is a template for one.
func isUnfilled(file, text string) bool {
	for part := range strings.SplitSeq(path.Dir(file), "/") {
		switch strings.TrimLeft(part, "._") {
		case "templates", "template", "snippets", "snippet", "skeleton", "skeletons", "skel", "scaffold", "scaffolds", "boilerplate", "stubs":
			return placeholder().MatchString(text)
		}
	}
	return false
}
