package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/graph"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/generator"
)

// The commands. Each takes one object; its field `uri` is a file or folder of the
// repository that is meant, by default the editor's first folder.
const (
	commandNewHost   = "nixlint.newHost"
	commandNewUser   = "nixlint.newUser"
	commandNewModule = "nixlint.newModule"
	commandNewVM     = "nixlint.newVm"
	commandRegister  = "nixlint.registerModule"
	commandGraph     = "nixlint.showGraph"
	commandSnapshot  = "nixlint.snapshotMachine"
	commandDescribe  = "nixlint.describe"
)

var commands = []string{commandNewHost, commandNewUser, commandNewModule, commandNewVM, commandRegister, commandGraph, commandSnapshot, commandDescribe}

// arguments are those of all commands; each command looks at its own. The names are those
// of the flags of `nixlint new`.
type arguments struct {
	URI         uri.URI  `json:"uri"`
	Name        string   `json:"name"`
	Users       []string `json:"users"`
	Modules     []string `json:"modules"`
	System      string   `json:"system"`
	Disk        string   `json:"disk"`
	Description string   `json:"description"`
	Shell       string   `json:"shell"`
	Groups      []string `json:"groups"`
	Hosts       []string `json:"hosts"`
	Kind        string   `json:"kind"` // nixos or home
	ImportIn    string   `json:"importIn"`
	Key         []string `json:"key"`
	File        string   `json:"file"`
	Options     []string `json:"options"`
	Host        string   `json:"host"`
	GPU         string   `json:"gpu"`
	Memory      int      `json:"memory"` // MiB
	Cores       int      `json:"cores"`
	Resolution  string   `json:"resolution"`
	HDR         bool     `json:"hdr"`
	Format      string   `json:"format"`
}

// outcome is what a command returns.
type outcome struct {
	Applied bool     `json:"applied"`
	Files   []string `json:"files"` // that were made or changed, relative to the root
	Notes   []string `json:"notes"` // what remains to be done by hand
	Text    string   `json:"text,omitempty"`
}

// ExecuteCommand runs a command. Files are made and changed by the editor, which the
// server asks to: nothing is written otherwise.
func (s *server) ExecuteCommand(ctx context.Context, p *protocol.ExecuteCommandParams) (protocol.LSPAny, error) {
	if !slices.Contains(commands, p.Command) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "there is no command %s", p.Command)
	}
	var a arguments
	if len(p.Arguments) > 0 {
		if err := json.Unmarshal(p.Arguments[0], &a); err != nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: %v", p.Command, err)
		}
	}
	if !a.URI.IsFile() {
		if a.URI = s.workspace.first(); a.URI == "" {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: no folder is open", p.Command)
		}
	}
	q, err := s.query(ctx, a.URI)
	if err != nil {
		return nil, err
	}
	if p.WorkDoneToken != nil {
		shown := s.beginProgress(ctx, p.WorkDoneToken, p.Command, a.Name)
		defer func() { shown.end(s.ctx, "") }()
	}
	var out any
	if p.Command == commandDescribe {
		out, err = q.overview()
	} else {
		out, err = q.run(ctx, p.Command, a)
	}
	if err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
	}
	return json.Marshal(out)
}

// run carries a command out.
func (q *query) run(ctx context.Context, command string, a arguments) (*outcome, error) {
	switch command {
	case commandGraph:
		return q.graph(a)
	case commandSnapshot:
		return q.snapshotMachine(ctx, a)
	}
	plan, err := q.plan(command, a, false)
	if err != nil {
		return nil, err
	}
	out := &outcome{Notes: plan.Notes}
	for _, f := range plan.Files {
		out.Files = append(out.Files, f.Path)
	}
	for _, e := range plan.Edits {
		out.Files = append(out.Files, e.File)
	}
	if plan.IsEmpty() {
		out.Notes = append(out.Notes, "everything is there already")
		return out, nil
	}
	return out, q.apply(ctx, out, "nixlint: "+a.Name, editsOf(plan))
}

// apply has the editor make edits.
func (q *query) apply(ctx context.Context, out *outcome, label string, edits []diagnostic.Edit) error {
	edit := q.server.workspaceEdit(q.folder, q.Snapshot, edits)
	if edit == nil {
		return fmt.Errorf("the editor cannot create files: use `nixlint new` in a terminal")
	}
	result, err := q.server.client.ApplyEdit(ctx, &protocol.ApplyWorkspaceEditParams{Label: &label, Edit: *edit})
	if err != nil {
		return err
	}
	if !result.Applied {
		reason := "it does not say why"
		if result.FailureReason != nil {
			reason = *result.FailureReason
		}
		return fmt.Errorf("the editor did not make the changes: %s", reason)
	}
	out.Applied = true
	return nil
}

// editsOf returns a plan as edits.
func editsOf(p *generator.Plan) []diagnostic.Edit {
	var out []diagnostic.Edit
	for _, f := range p.Files {
		out = append(out, diagnostic.Edit{File: f.Path, Text: f.Text, Create: true})
	}
	return append(out, p.Edits...)
}

// plan makes the plan of a scaffold, from the newest texts; without notes if quick is set.
func (q *query) plan(command string, a arguments, quick bool) (plan *generator.Plan, err error) {
	q.Model(func(m *repo.Model) {
		g := &generator.Generator{Model: m, Layout: q.layout, Quick: quick}
		switch command {
		case commandNewHost:
			plan, err = g.Host(generator.Host{Name: a.Name, Users: a.Users, Modules: a.Modules, System: a.System, Disk: a.Disk})
		case commandNewUser:
			plan, err = g.User(generator.User{Name: a.Name, Description: a.Description, Shell: a.Shell, Groups: a.Groups, Hosts: a.Hosts})
		case commandNewModule:
			if a.Kind != "nixos" && a.Kind != "home" {
				err = fmt.Errorf("kind %q: it is nixos or home", a.Kind)
				return
			}
			plan, err = g.Module(generator.Module{Home: a.Kind == "home", Name: a.Name, ImportIn: a.ImportIn, Options: a.Options})
		case commandRegister:
			plan, err = g.Register(a.Key, a.File)
		case commandNewVM:
			plan, err = q.planVM(g, a)
		}
	})
	return plan, err
}

// layout returns the formatter's settings for a file.
func (q *query) layout(file string) (nixfmt.Options, error) {
	s, err := q.SettingsOf(file)
	if err != nil {
		return nixfmt.Options{}, err
	}
	return nixfmt.Options{Width: s.Width.Value, Indent: s.Indent.Value, Strict: s.Strict.Value}, nil
}

func (q *query) planVM(g *generator.Generator, a arguments) (*generator.Plan, error) {
	settings, err := q.Settings.Repository(q.Repo.Root)
	if err != nil {
		return nil, err
	}
	known, err := hardware.MachineOf(hardware.Options{Host: a.Host}, g.Model, settings.SnapshotFiles())
	if err != nil {
		return nil, err
	}
	return g.VM(generator.VM{Name: a.Name, Host: a.Host, GPU: a.GPU, Memory: a.Memory, Cores: a.Cores, Resolution: a.Resolution, HDR: a.HDR, Machine: known})
}

// graph draws the repository; the picture is the text of the outcome.
func (q *query) graph(a arguments) (*outcome, error) {
	if a.Format == "" {
		a.Format = "svg"
	}
	if !slices.Contains(graph.Formats, a.Format) {
		return nil, fmt.Errorf("unknown format %q: it is one of %s", a.Format, strings.Join(graph.Formats, ", "))
	}
	found, err := rules.Check(q.Repo, config.New(config.Options{Rules: rules.Catalogue(), Select: graph.Rules}), 0)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	q.Model(func(m *repo.Model) { err = graph.Build(m, found, a.Hosts).Write(&text, a.Format) })
	return &outcome{Text: text.String()}, err
}

// snapshotMachine records the running machine as that of a host.
func (q *query) snapshotMachine(ctx context.Context, a arguments) (*outcome, error) {
	if a.Host == "" {
		a.Host, _ = os.Hostname()
	}
	if a.Host == "" || a.Host != filepath.Base(a.Host) || strings.HasPrefix(a.Host, ".") {
		return nil, fmt.Errorf("host %q is no name of a host", a.Host)
	}
	m, err := hardware.Read("/sys")
	if err != nil {
		return nil, err
	}
	m.Host = a.Host
	m.Captured.Date = time.Now().Format(time.DateOnly)
	m.Captured.Tool = "nixlint " + q.server.options.Version
	var text strings.Builder
	if err := m.Encode(&text); err != nil {
		return nil, err
	}
	file := path.Join("hosts", a.Host, "hardware.json")
	if q.Repo.Entry(file) != repo.NoEntry {
		return nil, fmt.Errorf("%s exists already: `nixlint vfio snapshot -o %s` replaces it", file, file)
	}
	out := &outcome{Files: []string{file}}
	return out, q.apply(ctx, out, "nixlint: record this machine", []diagnostic.Edit{{File: file, Text: text.String(), Create: true}})
}
