package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// Plan is what a scaffold writes. All of it belongs together.
type Plan struct {
	Files []File            // new files, in the order in which to show them
	Edits []diagnostic.Edit // one for each file that changes, sorted by file
	Base  map[string]string // the texts that the edits were computed from, by file
	Kept  []string          // files it would have made that exist already
	Notes []string          // what remains to be done by hand
}

// File is a new file: its path relative to the root of the repository, and its
// text.
type File struct{ Path, Text string }

// IsEmpty reports whether there is nothing to write.
func (p *Plan) IsEmpty() bool { return len(p.Files) == 0 && len(p.Edits) == 0 }

// Overlay returns the texts of all files that the plan makes or changes, as
// they are afterwards, by path relative to the root.
func (p *Plan) Overlay() (map[string]string, error) {
	out := make(map[string]string)
	for _, f := range p.Files {
		out[f.Path] = f.Text
	}
	for _, e := range p.Edits {
		text, err := diagnostic.Apply(p.Base[e.File], []diagnostic.Edit{e})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.File, err)
		}
		out[e.File] = text
	}
	return out, nil
}

// Layout gives the formatter's settings for a file, named relative to the root.
type Layout func(file string) (nixfmt.Options, error)

func (l Layout) of(file string) (nixfmt.Options, error) {
	if l == nil {
		return nixfmt.Options{}, nil
	}
	return l(file)
}

// Generator makes scaffolds for one repository.
type Generator struct {
	Model  *repo.Model
	Layout Layout // nil means nixfmt's own settings
	// Quick leaves out the notes on options that remain to be set: they need an evaluation
	// of the repository as the plan would make it.
	Quick bool
}

// Propose asks for a scaffold in the repository at root and writes nothing: ask
// is, for instance, func(g *Generator) (*Plan, error) { return g.Host(q) }. The
// overlay of the options holds the unsaved buffers of an editor, by path relative
// to the root; they win over the disk, and edits are of them: their byte offsets
// count in the texts of the plan's Base.
func Propose(root string, options repo.Options, layout Layout, ask func(*Generator) (*Plan, error)) (*Plan, error) {
	r, err := repo.Open(root, options)
	if err != nil {
		return nil, err
	}
	return ask(&Generator{Model: r.Model(), Layout: layout})
}

// draft collects what a plan is made of.
type draft struct {
	*Generator
	plan  Plan
	edits map[string][]diagnostic.Edit // by file
}

func (g *Generator) draft() *draft {
	return &draft{Generator: g, edits: make(map[string][]diagnostic.Edit)}
}

// create adds a new file, unless there is something of that name. Nix is laid
// out by nixfmt.
func (d *draft) create(file, text string) error {
	if err := d.hasRoom(file); err != nil {
		return err
	}
	if d.Model.Repo.Entry(file) != repo.NoEntry {
		d.plan.Kept = append(d.plan.Kept, file)
		return nil
	}
	f, err := newText(file, text, d.Layout)
	if err != nil {
		return err
	}
	d.plan.Files = append(d.plan.Files, f)
	return nil
}

// newText lays out the text of a new file.
func newText(file, text string, layout Layout) (File, error) {
	if path.Ext(file) != ".nix" {
		return File{file, text}, nil
	}
	options, err := layout.of(file)
	if err != nil {
		return File{}, err
	}
	if text, err = nixfmt.Format(text, options); err != nil {
		return File{}, fmt.Errorf("the template of %s makes no Nix: %w", file, err)
	}
	return File{file, text}, nil
}

// hasRoom makes sure that nothing above a new file is a file, or leads out of the
// repository.
func (d *draft) hasRoom(file string) error {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if d.Model.Repo.Entry(dir) == repo.FileEntry {
			return fmt.Errorf("cannot make %s: `%s` is no folder of the repository", file, dir)
		}
	}
	return nil
}

// insert puts a text into a file that exists, behind what is put there already.
func (d *draft) insert(file string, at uint32, text string) {
	for i, e := range d.edits[file] {
		if e.Span == (parser.Span{Start: at, End: at}) {
			d.edits[file][i].Text += text
			return
		}
	}
	d.edits[file] = append(d.edits[file], diagnostic.Edit{File: file, Span: parser.Span{Start: at, End: at}, Text: text})
}

func (d *draft) note(format string, args ...any) {
	d.plan.Notes = append(d.plan.Notes, fmt.Sprintf(format, args...))
}

// finish makes a plan of the draft, with notes of what it leaves to be set.
func (d *draft) finish() (*Plan, error) {
	p, err := d.layOut()
	if err != nil || p.IsEmpty() || d.Quick {
		return p, err
	}
	after, err := d.preview()
	if err != nil {
		return nil, err
	}
	p.noteUnset(d.Model, after)
	return p, nil
}

// preview returns the model of the repository with the draft carried out as far
// as it goes.
func (d *draft) preview() (*repo.Model, error) {
	p, err := d.layOut()
	if err != nil {
		return nil, err
	}
	texts, err := p.Overlay()
	if err != nil {
		return nil, err
	}
	return d.Model.Repo.With(texts).Model(), nil
}

// layOut lays out what the edits touch.
func (d *draft) layOut() (*Plan, error) {
	p := d.plan
	p.Base = make(map[string]string)
	for file, edits := range d.edits {
		f := d.Model.Repo.File(file)
		if f == nil || f.Err != nil {
			return nil, fmt.Errorf("%s cannot be edited: it is no file of the repository that can be read", file)
		}
		if len(f.Tree.Errors()) > 0 {
			return nil, fmt.Errorf("%s cannot be edited: it has syntax errors; `nixlint parse %s` shows them", file, file)
		}
		after, err := diagnostic.Apply(f.Text, edits)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if parser.Parse(after).HasSyntaxErrors() {
			return nil, fmt.Errorf("%s cannot be edited: an entry does not fit beside the others", file)
		}
		layout, err := d.Layout.of(file)
		if err != nil {
			return nil, err
		}
		after = nixfmt.FormatTouched(f.Text, after, diagnostic.SpansAfter(edits), layout)
		if after != f.Text {
			p.Base[file] = f.Text
			p.Edits = append(p.Edits, smallest(file, f.Text, after))
		}
	}
	slices.SortFunc(p.Edits, func(a, b diagnostic.Edit) int { return strings.Compare(a.File, b.File) })
	return &p, nil
}

// smallest returns the edit of whole lines that makes one text of another.
func smallest(file, before, after string) diagnostic.Edit {
	start := 0
	for i := 0; i < len(before) && i < len(after) && before[i] == after[i]; i++ {
		if before[i] == '\n' {
			start = i + 1
		}
	}
	end := 0
	for i := 1; i <= len(before)-start && i <= len(after)-start && before[len(before)-i] == after[len(after)-i]; i++ {
		if before[len(before)-i] == '\n' {
			end = i - 1
		}
	}
	return diagnostic.Edit{
		File: file, Span: parser.Span{Start: uint32(start), End: uint32(len(before) - end)}, Text: after[start : len(after)-end],
	}
}
