package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// configurationFile is what nixos-rebuild evaluates without a flake.
const configurationFile = "configuration.nix"

// plainHosts are the hosts of a repository without flake.nix: the file
// configuration.nix in the root, or else those in the folders of one folder, such
// as hosts. A host is called by its networking.hostName, or else by its folder.
func (m *Model) plainHosts() []*Host {
	if m.seen.repo.File("flake.nix") != nil {
		return nil
	}
	var files []string
	if m.seen.repo.File(configurationFile) != nil {
		files = []string{configurationFile}
	} else {
		for f := range m.seen.repo.Paths() {
			if path.Base(f) == configurationFile && strings.Count(f, "/") <= 2 {
				files = append(files, f)
			}
		}
	}
	var out []*Host
	for _, f := range files {
		if h := m.plainHost(f); h != nil {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b *Host) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// plainHost evaluates a configuration.nix. Where it is not in the root, something
// else may evaluate it, and give it arguments of its own.
func (m *Model) plainHost(file string) *Host {
	abs := path.Join(cleanSlash(m.Repo.Root), file)
	switch v := m.ev.Import(abs, eval.Place{}).(type) {
	case *eval.Error:
		return nil
	case *eval.Lambda:
		if _, ellipsis, ok := v.Formals(); ok && !ellipsis && file != configurationFile {
			return nil // something makes a module of it
		}
	}
	read := m.ev.Files()[abs]
	if read == nil {
		return nil
	}
	at := eval.Place{File: read, Node: read.Tree.Expr().ID()}
	modules := eval.NewList(eval.Path(abs))
	call := eval.SetOf(eval.Attr{Name: "modules", Value: eval.Done(modules), At: at})
	if file != configurationFile {
		call.Rest = eval.NewUnknown("something may evaluate the file with arguments of its own", "args")
	}
	e := m.evaluateSystem("", call, at)
	if e == nil {
		return nil
	}
	h := &Host{At: at, model: m, System: &Evaluation{model: m, At: at, Args: e.Input.Special.Without("modulesPath"), Closure: m.closureOf(e), Config: e}}
	m.homes(h)
	if name, ok := e.Value("networking", "hostName").(eval.String); ok && name != "" {
		h.Name = string(name)
	} else if h.Name = path.Base(path.Dir(file)); h.Name == "." {
		h.Name = path.Base(cleanSlash(m.Repo.Root))
	}
	return h
}
