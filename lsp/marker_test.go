package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

// marker is a comment in a file of a case that names the place behind it, as in
// /*@place*/, or the one before it, as in /*place@*/. With a number behind the name, as in
// /*@place+1*/, it is the place so many bytes further on: inside of quotes.
var marker = regexp.MustCompile(`/\*@?(\w+)@?(\+\d+)?\*/`)

// TestMain gives PCI devices the names in testdata, whatever the system calls them. With
// serveVariable set, the program is a server.
func TestMain(m *testing.M) {
	names, err := filepath.Abs(filepath.Join("testdata", "pci.ids"))
	if err == nil {
		err = os.Setenv("PCI_IDS", names)
	}
	if err == nil && os.Getenv(serveVariable) != "" {
		err = serveProcess()
		if err == nil {
			return
		}
	}
	if err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestMarkers lays the files of each case in testdata over the example repository and
// asks the server what the case asks. A case begins with requests, one in a line:
//
//	> hover place
//
// each followed by the answer; then come files, in which places are marked as in
// `config/*@place*/`. With NIXLINT_UPDATE set, the answers are written anew.
func TestMarkers(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) < 5 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			root := example(t)
			places := make(map[string]protocol.TextDocumentPositionParams)
			m := &markers{places: places}
			for _, f := range ar.Files {
				path := filepath.Join(root, f.Name)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			m.client = connect(t, root)
			for _, f := range ar.Files {
				if strings.HasSuffix(f.Name, ".nix") {
					m.openFile(f.Name)
				}
				lines := parser.NewLines(string(f.Data))
				for _, at := range marker.FindAllSubmatchIndex(f.Data, -1) {
					offset := at[1]
					if f.Data[at[0]+2] != '@' {
						offset = at[0]
					}
					if at[4] >= 0 {
						more, err := strconv.Atoi(string(f.Data[at[4]+1 : at[5]]))
						if err != nil {
							t.Fatal(err)
						}
						offset += more
					}
					places[string(f.Data[at[2]:at[3]])] = protocol.TextDocumentPositionParams{
						TextDocument: protocol.TextDocumentIdentifier{URI: m.uri(f.Name)},
						Position:     mapper{protocol.PositionEncodingKindUTF16}.position(lines, uint32(offset)),
					}
				}
			}
			m.settle()
			var got strings.Builder
			for line := range strings.Lines(string(ar.Comment)) {
				switch {
				case strings.HasPrefix(line, "> "):
					words := strings.Fields(line[2:])
					answer := strings.ReplaceAll(m.ask(words[0], words[1], words[2:]), root, "ROOT")
					fmt.Fprintf(&got, "%s%s\n", line, answer)
				case strings.HasPrefix(line, "#"):
					got.WriteString(line)
				}
			}
			if os.Getenv("NIXLINT_UPDATE") != "" {
				ar.Comment = []byte(got.String())
				if err := os.WriteFile(name, txtar.Format(ar), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got.String() != string(ar.Comment) {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), ar.Comment)
			}
		})
	}
}

// markers is a client that knows places by name.
type markers struct {
	*client
	places map[string]protocol.TextDocumentPositionParams
}

// settle waits until the whole repository has been looked at: a file that cannot be
// read as Nix has its finding only then, if nobody touches it.
func (m *markers) settle() {
	const probe = "zz-probe.nix"
	if err := os.WriteFile(filepath.Join(m.root, probe), []byte("{"), 0o600); err != nil {
		m.t.Fatal(err)
	}
	change := func(kind protocol.FileChangeType) {
		if err := m.server.DidChangeWatchedFiles(m.ctx, &protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: m.uri(probe), Type: kind}}}); err != nil {
			m.t.Fatal(err)
		}
	}
	change(protocol.FileChangeTypeCreated)
	m.waitFor(probe, "syntax", has("syntax"))
	if err := os.Remove(filepath.Join(m.root, probe)); err != nil {
		m.t.Fatal(err)
	}
	change(protocol.FileChangeTypeDeleted)
	m.waitFor(probe, "gone", hasNot("syntax"))
}

// ask makes a request at a place and returns the answer as text, in whole lines.
func (m *markers) ask(what, place string, args []string) string {
	at, ok := m.places[place]
	if !ok {
		m.t.Fatalf("there is no place %s", place)
	}
	var out strings.Builder
	fail := func(err error) bool {
		if err != nil {
			fmt.Fprintf(&out, "error: %v\n", err)
		}
		return err != nil
	}
	switch what {
	case "hover":
		h, err := m.server.Hover(m.ctx, &protocol.HoverParams{TextDocumentPositionParams: at})
		if fail(err) || h == nil {
			break
		}
		out.WriteString(h.Contents.(*protocol.MarkupContent).Value + "\n")
	case "signature":
		r, err := m.server.SignatureHelp(m.ctx, &protocol.SignatureHelpParams{TextDocumentPositionParams: at})
		if !fail(err) && r != nil {
			showSignature(&out, r)
		}
	case "resolve":
		m.showResolved(&out, at, args[0], fail)
	case "definition":
		r, err := m.server.Definition(m.ctx, &protocol.DefinitionParams{TextDocumentPositionParams: at})
		if !fail(err) {
			m.showLocations(&out, locationsOf(r))
		}
	case "declaration":
		r, err := m.server.Declaration(m.ctx, &protocol.DeclarationParams{TextDocumentPositionParams: at})
		if !fail(err) {
			list, _ := r.(protocol.LocationSlice)
			m.showLocations(&out, list)
		}
	case "typedefinition":
		r, err := m.server.TypeDefinition(m.ctx, &protocol.TypeDefinitionParams{TextDocumentPositionParams: at})
		if !fail(err) {
			m.showLocations(&out, locationsOf(r))
		}
	case "lenses":
		r, err := m.server.CodeLens(m.ctx, &protocol.CodeLensParams{TextDocument: at.TextDocument})
		if !fail(err) {
			for _, l := range r {
				fmt.Fprintf(&out, "%s %s", showRange(l.Range), l.Command.Title)
				m.showLens(&out, l.Command)
				out.WriteString("\n")
			}
		}
	case "importers", "imports", "below", "above":
		m.showHierarchy(&out, what, at, fail)
	case "linked":
		r, err := m.server.LinkedEditingRange(m.ctx, &protocol.LinkedEditingRangeParams{TextDocumentPositionParams: at})
		if !fail(err) && r != nil {
			for _, linked := range r.Ranges {
				fmt.Fprintln(&out, showRange(linked))
			}
		}
	case "implementation":
		r, err := m.server.Implementation(m.ctx, &protocol.ImplementationParams{TextDocumentPositionParams: at})
		if !fail(err) {
			m.showLocations(&out, locationsOf(r))
		}
	case "references":
		r, err := m.server.References(m.ctx, &protocol.ReferenceParams{TextDocumentPositionParams: at, Context: protocol.ReferenceContext{IncludeDeclaration: true}})
		if !fail(err) {
			m.showLocations(&out, r)
		}
	case "highlight":
		r, err := m.server.DocumentHighlight(m.ctx, &protocol.DocumentHighlightParams{TextDocumentPositionParams: at})
		if !fail(err) {
			for _, h := range r {
				fmt.Fprintf(&out, "%s %v\n", showRange(h.Range), h.Kind)
			}
		}
	case "actions":
		m.showActions(&out, at, at.Position, []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, protocol.CodeActionKindSource}, fail)
	case "refactor": // of what lies between the marker and a second one
		end := at.Position
		if len(args) > 0 {
			end = m.places[args[0]].Position
		}
		m.showActions(&out, at, end, []protocol.CodeActionKind{protocol.CodeActionKindRefactor}, fail)
	case "complete":
		m.showCompletion(&out, at, args, fail)
	case "rename":
		edit, err := m.server.Rename(m.ctx, &protocol.RenameParams{TextDocumentPositionParams: at, NewName: args[0]})
		if !fail(err) && edit != nil {
			m.showEdit(&out, edit)
		}
	case "prepare":
		r, err := m.server.PrepareRename(m.ctx, &protocol.PrepareRenameParams{TextDocumentPositionParams: at})
		if p, ok := r.(*protocol.PrepareRenamePlaceholder); !fail(err) && ok {
			fmt.Fprintf(&out, "%s %s\n", showRange(p.Range), p.Placeholder)
		}
	case "move":
		// The file of the place, or a folder around it, moves to where the argument says.
		from := at.TextDocument.URI
		if len(args) > 1 {
			from = m.uri(args[1])
		}
		edit, err := m.server.WillRenameFiles(m.ctx, &protocol.RenameFilesParams{Files: []protocol.FileRename{{OldURI: string(from), NewURI: string(m.uri(args[0]))}}})
		if !fail(err) && edit != nil {
			m.showEdit(&out, edit)
		}
	case "symbols":
		r, err := m.server.DocumentSymbol(m.ctx, &protocol.DocumentSymbolParams{TextDocument: at.TextDocument})
		if !fail(err) {
			showSymbols(&out, r.(protocol.DocumentSymbolSlice), "")
		}
	case "tokens":
		r, err := m.server.SemanticTokensFull(m.ctx, &protocol.SemanticTokensParams{TextDocument: at.TextDocument})
		if !fail(err) {
			m.showTokens(&out, at, r.Data)
		}
	case "find":
		r, err := m.server.Symbols(m.ctx, &protocol.WorkspaceSymbolParams{Query: args[0]})
		if !fail(err) {
			for _, info := range r.(protocol.SymbolInformationSlice) {
				fmt.Fprintf(&out, "%s (%v) %s:%s\n", info.Name, info.Kind, m.show(info.Location.URI), showRange(info.Location.Range))
			}
		}
	case "hints":
		r, err := m.server.InlayHint(m.ctx, &protocol.InlayHintParams{TextDocument: at.TextDocument, Range: protocol.Range{End: protocol.Position{Line: 1000}}})
		if !fail(err) {
			for _, h := range r {
				fmt.Fprintf(&out, "%d:%d %v\n", h.Position.Line+1, h.Position.Character+1, h.Label)
			}
		}
	case "folding":
		r, err := m.server.FoldingRanges(m.ctx, &protocol.FoldingRangeParams{TextDocument: at.TextDocument})
		if !fail(err) {
			for _, f := range r {
				fmt.Fprintf(&out, "%d-%d %s\n", f.StartLine+1, f.EndLine+1, f.Kind)
			}
		}
	case "links":
		r, err := m.server.DocumentLink(m.ctx, &protocol.DocumentLinkParams{TextDocument: at.TextDocument})
		if !fail(err) {
			for _, l := range r {
				fmt.Fprintf(&out, "%s %s\n", showRange(l.Range), *l.Tooltip)
			}
		}
	case "select":
		r, err := m.server.SelectionRange(m.ctx, &protocol.SelectionRangeParams{TextDocument: at.TextDocument, Positions: []protocol.Position{at.Position}})
		if !fail(err) {
			for s := &r[0]; s != nil; s = s.Parent {
				fmt.Fprintln(&out, showRange(s.Range))
			}
		}
	case "format":
		r, err := m.server.Formatting(m.ctx, &protocol.DocumentFormattingParams{TextDocument: at.TextDocument})
		if !fail(err) {
			out.WriteString(m.edited(at, r))
		}
	case "formatrange":
		r, err := m.server.RangeFormatting(m.ctx, &protocol.DocumentRangeFormattingParams{TextDocument: at.TextDocument, Range: protocol.Range{Start: at.Position, End: at.Position}})
		if !fail(err) {
			out.WriteString(m.edited(at, r))
		}
	case "type":
		r, err := m.server.OnTypeFormatting(m.ctx, &protocol.DocumentOnTypeFormattingParams{TextDocument: at.TextDocument, Position: at.Position, Ch: strings.ReplaceAll(args[0], `\n`, "\n")})
		if !fail(err) {
			out.WriteString(m.edited(at, r))
		}
	default:
		m.t.Fatalf("unknown request %s", what)
	}
	return out.String()
}

// showLens shows what a lens does: places that it lists, or a command.
func (m *markers) showLens(out *strings.Builder, c protocol.Command) {
	if c.Command != commandShowReferences {
		fmt.Fprintf(out, " (%s %s)", c.Command, c.Arguments)
		return
	}
	var places []protocol.Location
	if err := protocol.Unmarshal(c.Arguments[2], &places); err != nil {
		m.t.Fatal(err)
	}
	for _, p := range places {
		fmt.Fprintf(out, " %s:%s", m.show(p.URI), showRange(p.Range))
	}
}

func (m *markers) edited(at protocol.TextDocumentPositionParams, edits []protocol.TextEdit) string {
	return applyEdits(m.t, mapper{protocol.PositionEncodingKindUTF16}, m.open[at.TextDocument.URI].Text, edits)
}

func showRange(r protocol.Range) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line+1, r.Start.Character+1, r.End.Line+1, r.End.Character+1)
}

func (m *markers) show(u interface{ FsPath() string }) string {
	rel, err := filepath.Rel(m.root, u.FsPath())
	if err != nil {
		m.t.Fatal(err)
	}
	return rel
}

func (m *markers) showLocations(out *strings.Builder, list []protocol.Location) {
	for _, l := range list {
		fmt.Fprintf(out, "%s:%s\n", m.show(l.URI), showRange(l.Range))
	}
}

// locationsOf takes an answer apart; one without places is of any kind.
func locationsOf(r protocol.DefinitionResult) []protocol.Location {
	list, _ := r.(protocol.LocationSlice)
	return list
}

func showSymbols(out *strings.Builder, list []protocol.DocumentSymbol, indent string) {
	for _, s := range list {
		detail := ""
		if s.Detail != nil {
			detail = " " + *s.Detail
		}
		fmt.Fprintf(out, "%s%s (%v)%s\n", indent, s.Name, s.Kind, detail)
		showSymbols(out, s.Children, indent+"  ")
	}
}

func (m *markers) showActions(out *strings.Builder, at protocol.TextDocumentPositionParams, end protocol.Position, only []protocol.CodeActionKind, fail func(error) bool) {
	r, err := m.server.CodeAction(m.ctx, &protocol.CodeActionParams{
		TextDocument: at.TextDocument, Range: protocol.Range{Start: at.Position, End: end}, Context: protocol.CodeActionContext{Only: only},
	})
	if fail(err) {
		return
	}
	for _, a := range r { // the memory of an answer is used again by the next request
		action := a.(*protocol.CodeAction)
		action.Title, action.Data = strings.Clone(action.Title), slices.Clone(action.Data)
		action.Kind = ptr(protocol.CodeActionKind(strings.Clone(string(*action.Kind))))
	}
	for _, a := range r {
		action := a.(*protocol.CodeAction)
		fmt.Fprintf(out, "%s: %s\n", *action.Kind, action.Title)
		if action.Edit == nil && action.Data != nil {
			if action, err = m.server.CodeActionResolve(m.ctx, action); fail(err) {
				continue
			}
		}
		if action.Edit != nil {
			m.showEdit(out, action.Edit)
		}
		if action.Command.Command != "" {
			fmt.Fprintf(out, "  %s %s\n", action.Command.Command, action.Command.Arguments)
		}
	}
}

func (m *markers) showEdit(out *strings.Builder, edit *protocol.WorkspaceEdit) {
	for _, c := range edit.DocumentChanges {
		switch c := c.(type) {
		case *protocol.CreateFile:
			fmt.Fprintf(out, "  create %s\n", m.show(c.URI))
		case *protocol.RenameFile:
			fmt.Fprintf(out, "  rename %s to %s\n", m.show(c.OldURI), m.show(c.NewURI))
		case *protocol.TextDocumentEdit:
			for _, e := range c.Edits {
				e := e.(*protocol.TextEdit)
				fmt.Fprintf(out, "  %s:%s %q\n", m.show(c.TextDocument.URI), showRange(e.Range), e.NewText)
			}
		}
	}
}

// showCompletion lists what is proposed; with words, only what has one of them as label.
func (m *markers) showCompletion(out *strings.Builder, at protocol.TextDocumentPositionParams, words []string, fail func(error) bool) {
	items, err := m.proposals(at)
	if fail(err) {
		return
	}
	slices.SortStableFunc(items, func(a, b protocol.CompletionItem) int {
		x, _ := a.SortText.Get()
		y, _ := b.SortText.Get()
		return strings.Compare(x, y)
	})
	for i, item := range items {
		if len(words) > 0 && !slices.Contains(words, item.Label) || len(words) == 0 && i >= 30 {
			continue
		}
		detail, _ := item.Detail.Get()
		fmt.Fprintf(out, "%s\t%s\n", item.Label, detail)
		for _, e := range item.AdditionalTextEdits {
			fmt.Fprintf(out, "  and %s %q\n", showRange(e.Range), e.NewText)
		}
		if item.Command.Command != "" {
			fmt.Fprintf(out, "  then %s %s\n", item.Command.Command, item.Command.Arguments)
		}
	}
	if len(words) == 0 && len(items) > 30 {
		fmt.Fprintf(out, "and %d more\n", len(items)-30)
	}
}

func (m *markers) showTokens(out *strings.Builder, at protocol.TextDocumentPositionParams, data []uint32) {
	lines := parser.NewLines(m.open[at.TextDocument.URI].Text)
	var line, column uint32
	for t := range slices.Chunk(data, 5) {
		if t[0] > 0 {
			column = 0
		}
		line, column = line+t[0], column+t[1]
		text := lines.Text(int(line))[column : column+t[2]] // the cases are plain ASCII
		fmt.Fprintf(out, "%s %s", text, tokenTypes[t[3]])
		for i, name := range tokenModifiers {
			if t[4]&(1<<i) != 0 {
				fmt.Fprintf(out, " %s", name)
			}
		}
		out.WriteString("\n")
	}
}

// showSignature shows a signature with the active parameter in angle brackets.
func showSignature(out *strings.Builder, r *protocol.SignatureHelp) {
	for _, sig := range r.Signatures {
		active, _ := sig.ActiveParameter.Get()
		label := sig.Label
		if int(active) < len(sig.Parameters) {
			at := sig.Parameters[active].Label.(protocol.ParameterInformationLabelTuple)
			label = label[:at[0]] + "<" + label[at[0]:at[1]] + ">" + label[at[1]:] // the cases are plain ASCII
		}
		fmt.Fprintln(out, label)
		if doc, ok := sig.Documentation.(*protocol.MarkupContent); ok {
			fmt.Fprintln(out, doc.Value)
		}
	}
}

// showResolved asks for the documentation of one proposal.
func (m *markers) showResolved(out *strings.Builder, at protocol.TextDocumentPositionParams, label string, fail func(error) bool) {
	items, err := m.proposals(at)
	if fail(err) {
		return
	}
	for _, item := range items {
		if item.Label != label {
			continue
		}
		whole, err := m.server.CompletionResolve(m.ctx, &item)
		if fail(err) {
			return
		}
		if doc, ok := whole.Documentation.(*protocol.MarkupContent); ok {
			fmt.Fprintln(out, doc.Value)
		}
		if edit, ok := whole.TextEdit.(*protocol.TextEdit); ok && edit.NewText != label {
			fmt.Fprintf(out, "inserts %q\n", edit.NewText)
		}
	}
}

// showHierarchy shows who is above or below a module in one of the hierarchies.
func (m *markers) showHierarchy(out *strings.Builder, what string, at protocol.TextDocumentPositionParams, fail func(error) bool) {
	calls, err := m.server.PrepareCallHierarchy(m.ctx, &protocol.CallHierarchyPrepareParams{TextDocumentPositionParams: at})
	if fail(err) || len(calls) == 0 {
		return
	}
	types, err := m.server.PrepareTypeHierarchy(m.ctx, &protocol.TypeHierarchyPrepareParams{TextDocumentPositionParams: at})
	if fail(err) {
		return
	}
	fmt.Fprintf(out, "of %s, %s\n", calls[0].Name, *types[0].Detail)
	show := func(name string, ranges []protocol.Range) {
		fmt.Fprintf(out, "  %s", name)
		for _, r := range ranges {
			fmt.Fprintf(out, " %s", showRange(r))
		}
		out.WriteString("\n")
	}
	switch what {
	case "importers":
		r, err := m.server.IncomingCalls(m.ctx, &protocol.CallHierarchyIncomingCallsParams{Item: calls[0]})
		if !fail(err) {
			for _, c := range r {
				show(c.From.Name, c.FromRanges)
			}
		}
	case "imports":
		r, err := m.server.OutgoingCalls(m.ctx, &protocol.CallHierarchyOutgoingCallsParams{Item: calls[0]})
		if !fail(err) {
			for _, c := range r {
				show(c.To.Name, c.FromRanges)
			}
		}
	case "below":
		r, err := m.server.Subtypes(m.ctx, &protocol.TypeHierarchySubtypesParams{Item: types[0]})
		if !fail(err) {
			for _, t := range r {
				show(t.Name, nil)
			}
		}
	case "above":
		r, err := m.server.Supertypes(m.ctx, &protocol.TypeHierarchySupertypesParams{Item: types[0]})
		if !fail(err) {
			for _, t := range r {
				show(t.Name, nil)
			}
		}
	}
}
