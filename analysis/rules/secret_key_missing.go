package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var secretKeyMissing = &Rule{
	Name:     "secret-key-missing",
	Group:    "secrets",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the encrypted file of a secret does not have its key, or is not encrypted",
	Why: `sops-nix looks in the file of a secret for a key of the secret's name, where ` + "`/`" + ` leads into nested sets, or for what ` + "`key`" + ` says.
When the system is built it holds the keys, which sops leaves readable, against the configuration, and stops: "the key … cannot be found". Add the secret
(` + "`sops hosts/NAME/secrets.yaml`" + `), or correct the name.

A file without sops' own data was never encrypted: what is in it can be read by everybody, and sops-nix refuses it.

Files of other formats than YAML and JSON are left alone, and so are files that do not exist, of which secret-file-missing speaks.`,
	Bad:  "-- flake.nix --\n" + exampleSecretFile + "-- host.nix --\n{\n  sops.secrets.\"wifi/hoem\" = { };\n}\n",
	Good: "-- flake.nix --\n" + exampleSecretFile + "-- host.nix --\n{\n  sops.secrets.\"wifi/home\" = { };\n}\n",
	Fix:  NoFix,
	Host: func(r *Repo) {
		files := make(map[string]*secretFile)
		for _, h := range r.Model.Hosts {
			for _, e := range h.Evaluations() {
				r.secretKeys(h, e, files)
			}
		}
	},
}

// exampleSecretFile is a flake whose host has a file of secrets, for examples.
const exampleSecretFile = `{
  inputs.sops-nix.url = "github:Mic92/sops-nix";
  outputs = { nixpkgs, sops-nix, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      modules = [ sops-nix.nixosModules.sops { sops.defaultSopsFile = ./secrets.yaml; } ./host.nix ];
    };
  };
}
-- secrets.yaml --
wifi:
    home: ENC[AES256_GCM,data:9nc7,type:str]
sops:
    version: 3.11.0
`

// secretFile is a file of secrets.
type secretFile struct {
	keys      []string // paths with slashes, those of sets included
	encrypted bool
}

// secretKeys holds the secrets of an evaluation against their files.
func (r *Repo) secretKeys(h *repo.Host, e *repo.Evaluation, files map[string]*secretFile) {
	names, ok := r.declaredSecrets(e, "sops")
	if !ok || e.Config.Broken {
		return
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		file, known := r.secretSetting(e, name, "sopsFile", "defaultSopsFile")
		p, isPath := r.inRepository(file)
		if !known || !isPath {
			continue
		}
		format, known := r.secretSetting(e, name, "format", "defaultSopsFormat")
		if f, isText := format.(eval.String); !known || format != nil && (!isText || f != "yaml" && f != "json") {
			continue
		}
		key := name
		switch k, known := r.secretSetting(e, name, "key", ""); k := k.(type) {
		case nil:
			if !known {
				continue
			}
		case eval.String:
			key = string(k)
		default:
			continue
		}
		at, certain := r.secretAt(e, name)
		f := r.secretFile(p, files)
		if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil || f == nil || key == "" {
			continue
		}
		d := diagnostic.Diagnostic{File: r.Model.Rel(at.File), Span: at.Span()}
		if !certain {
			d.Severity = diagnostic.Warning
		}
		switch {
		case !f.encrypted:
			d.Message = fmt.Sprintf("`%s`, the file of the secret `%s`, is not encrypted", p, name)
			d.Help = fmt.Sprintf("encrypt it with `sops --encrypt --in-place %s`, and change the secrets in it if it was committed", p)
		case !slices.Contains(f.keys, key):
			d.Message = fmt.Sprintf("`%s` has no key `%s` for the secret of %s", p, key, ofEvaluation(h, e))
			d.Help = fmt.Sprintf("add it with `sops %s`", p)
			if near := repo.Nearest(key, f.keys); near != "" {
				d.Help = fmt.Sprintf("did you mean `%s`?", near)
			}
		default:
			continue
		}
		r.Report(d)
	}
}

// secretSetting returns what is set for a secret, or for all if that is not. The value is
// nil if nothing is; known is unset if it cannot be known.
func (r *Repo) secretSetting(e *repo.Evaluation, name, setting, general string) (v eval.Value, known bool) {
	defs, _ := r.Model.Definitions(e, "sops", "secrets", name, setting)
	if len(defs) == 0 && general != "" {
		defs, _ = r.Model.Definitions(e, "sops", general)
	}
	for i, d := range defs {
		switch d.Value.(type) {
		case eval.String, eval.Path:
		default:
			return nil, false
		}
		if !d.Certain || i > 0 && d.Value != v {
			return nil, false
		}
		v = d.Value
	}
	return v, true
}

// inRepository returns the path in the repository that a value is.
func (r *Repo) inRepository(v eval.Value) (p string, ok bool) {
	switch v := v.(type) {
	case eval.Path:
		p = r.Model.RelFile(string(v))
	case eval.String:
		if strings.HasPrefix(string(v), "/") {
			p = r.Model.RelFile(string(v))
		}
	}
	return p, p != "" && r.Entry(p) == repo.FileEntry
}

// secretAt returns where a secret is declared.
func (r *Repo) secretAt(e *repo.Evaluation, name string) (at eval.Place, certain bool) {
	defs, _ := r.Model.Definitions(e, "sops", "secrets", name)
	for _, d := range defs {
		if d.At.IsValid() {
			return d.At, d.Certain
		}
	}
	return eval.Place{}, false
}

// secretFile reads a file of secrets; nil if it is of another form.
func (r *Repo) secretFile(p string, files map[string]*secretFile) *secretFile {
	if f, known := files[p]; known {
		return f
	}
	files[p] = nil
	if ext := path.Ext(p); ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return nil
	}
	text, err := r.Text(p)
	var root map[string]any
	if err != nil || yaml.Unmarshal([]byte(text), &root) != nil || len(root) == 0 {
		return nil
	}
	f := &secretFile{}
	_, f.encrypted = root["sops"]
	f.collect("", root)
	slices.Sort(f.keys)
	files[p] = f
	return f
}

func (f *secretFile) collect(prefix string, set map[string]any) {
	for key, v := range set {
		if prefix == "" && key == "sops" {
			continue
		}
		f.keys = append(f.keys, prefix+key)
		if inner, ok := v.(map[string]any); ok {
			f.collect(prefix+key+"/", inner)
		}
	}
}
