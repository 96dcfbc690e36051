package flake

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// Ref is a flake reference in its form as a set: `type`, and what goes with
// it, such as `owner`, `repo`, `ref`, `rev`, `url`, `id`, `path`, `dir`.
type Ref map[string]string

// The types of references that nixlint tells apart.
const (
	typeIndirect = "indirect"
	typePath     = "path"
	typeTarball  = "tarball"
	typeFile     = "file"
	typeGit      = "git"
)

// forges are the types of references to an archive of a repository, written
// `type:owner/repo/ref`.
var forges = []string{"github", "gitlab", "sourcehut"}

// tarballs are the endings of archives.
var tarballs = []string{".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"}

// ParseRef reads a reference in its form as a URL. ok is false if it is none,
// or of a kind that nixlint does not know.
func ParseRef(text string) (r Ref, ok bool) {
	body, fragment, _ := strings.Cut(text, "#")
	if fragment != "" || body == "" {
		return nil, false
	}
	body, query, _ := strings.Cut(body, "?")
	params, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B"))
	if err != nil {
		return nil, false
	}
	scheme, rest, hasScheme := strings.Cut(body, ":")
	hasScheme = hasScheme && isScheme(scheme)
	switch {
	case !hasScheme && (strings.HasPrefix(body, ".") || strings.HasPrefix(body, "/") || strings.HasPrefix(body, "~")):
		r = Ref{"type": typePath, "path": unescape(body)}
	case !hasScheme || scheme == "flake":
		if hasScheme {
			body = rest
		}
		r, ok = parseIndirect(body)
	case scheme == typePath:
		r = Ref{"type": typePath, "path": unescape(strings.TrimPrefix(rest, "//"))}
	case slices.Contains(forges, scheme):
		r, ok = parseForge(scheme, rest)
	default:
		r, ok = parseURL(scheme, rest, params)
	}
	if r == nil || r["type"] != typePath && !ok {
		return nil, false
	}
	for name, values := range params {
		if _, have := r[name]; !have && len(values) > 0 {
			r[name] = values[0]
		}
	}
	return r, true
}

// isScheme reports whether the text before a colon is the scheme of a URL.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || s[i] != '+' && s[i] != '-' && s[i] != '.' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return s != ""
}

// parseIndirect reads `id`, `id/ref`, `id/rev` and `id/ref/rev`, names that a
// registry gives a meaning.
func parseIndirect(body string) (Ref, bool) {
	parts := strings.Split(strings.TrimPrefix(body, "/"), "/")
	if !isID(parts[0]) || len(parts) > 3 {
		return nil, false
	}
	r := Ref{"type": typeIndirect, "id": parts[0]}
	switch {
	case len(parts) == 3:
		r["ref"], r["rev"] = unescape(parts[1]), parts[2]
	case len(parts) == 2:
		r.setRevision(unescape(parts[1]))
	}
	return r, true
}

// isID reports whether a text may be the name of a flake in a registry.
func isID(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || s[i] != '-' && s[i] != '_' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return s != ""
}

// parseForge reads `owner/repo`, `owner/repo/ref` and `owner/repo/rev`.
func parseForge(forge, rest string) (Ref, bool) {
	parts := strings.SplitN(strings.Trim(rest, "/"), "/", 3)
	if len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, false
	}
	r := Ref{"type": forge, "owner": unescape(parts[0]), "repo": unescape(parts[1])}
	if len(parts) == 3 {
		r.setRevision(unescape(parts[2]))
	}
	return r, true
}

// parseURL reads the references that hold a real URL: `git+https://…`,
// `https://…/x.tar.gz`, `tarball+https://…`.
func parseURL(scheme, rest string, params url.Values) (Ref, bool) {
	kind, transport, explicit := strings.Cut(scheme, "+")
	if !explicit {
		kind, transport = "", scheme
	}
	location := transport + ":" + rest
	switch {
	case kind == typeGit || kind == "hg":
		return Ref{"type": kind, "url": location}, true
	case scheme == typeGit:
		return Ref{"type": typeGit, "url": location}, true
	case kind == typeTarball || kind == typeFile:
	case !explicit && slices.ContainsFunc(tarballs, func(end string) bool { return strings.HasSuffix(rest, end) }):
		kind = typeTarball
	case !explicit && (transport == "http" || transport == "https" || transport == "file"):
		kind = typeFile
	default:
		return nil, false
	}
	// What nixlint does not know of the query belongs to the URL.
	known := url.Values{}
	for name, values := range params {
		switch name {
		case "dir", "narHash", "rev", "revCount", "lastModified":
		default:
			known[name] = values
		}
	}
	if len(known) > 0 {
		location += "?" + known.Encode()
	}
	return Ref{"type": kind, "url": location}, true
}

// setRevision sets the commit or, if it is none, the branch or tag.
func (r Ref) setRevision(s string) {
	if isRev(s) {
		r["rev"] = s
	} else {
		r["ref"] = s
	}
}

// isRev reports whether a text is the name of a commit.
func isRev(s string) bool {
	for i := range len(s) {
		if strings.IndexByte("0123456789abcdef", s[i]) < 0 {
			return false
		}
	}
	return len(s) == 40 || len(s) == 64
}

func unescape(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

// compared are the parts of a reference that say what is asked for.
var compared = []string{"owner", "repo", "ref", "rev", "id", "host", "dir"}

// SameAs reports whether two references ask for the same. It is true where
// that cannot be told: for paths, whose form depends on the version of Nix.
func (r Ref) SameAs(other Ref) bool {
	a, b := r.kind(), other.kind()
	if a == typePath || b == typePath || a == "" || b == "" {
		return true
	}
	if a != b {
		return false
	}
	for _, name := range compared {
		if strings.TrimPrefix(unescape(r[name]), "refs/heads/") != strings.TrimPrefix(unescape(other[name]), "refs/heads/") {
			return false
		}
	}
	return plainURL(r["url"]) == plainURL(other["url"])
}

// kind is the type, archives and files taken together: whether a URL without
// an ending is either depends on the version of Nix.
func (r Ref) kind() string {
	if r["type"] == typeFile {
		return typeTarball
	}
	return r["type"]
}

// plainURL leaves out what of a URL makes no difference.
func plainURL(s string) string {
	s, _, _ = strings.Cut(s, "?")
	return strings.TrimSuffix(unescape(s), "/")
}

// String writes a reference as a URL, for messages.
func (r Ref) String() string {
	var b strings.Builder
	skip := []string{"type"}
	switch t := r["type"]; {
	case t == typeIndirect:
		b.WriteString(path.Join(r["id"], r["ref"], r["rev"]))
		skip = append(skip, "id", "ref", "rev")
	case slices.Contains(forges, t):
		b.WriteString(t + ":" + path.Join(strings.ReplaceAll(r["owner"], "/", "%2F"), r["repo"], r["ref"], r["rev"]))
		skip = append(skip, "owner", "repo", "ref", "rev")
	case t == typePath:
		b.WriteString("path:" + r["path"])
		skip = append(skip, "path")
	case t == typeTarball || t == typeFile:
		b.WriteString(r["url"])
		skip = append(skip, "url")
	default:
		b.WriteString(t + "+" + r["url"])
		skip = append(skip, "url")
	}
	sep := "?"
	if strings.Contains(r["url"], "?") {
		sep = "&"
	}
	for _, name := range []string{"ref", "rev", "host", "dir"} {
		if r[name] != "" && !slices.Contains(skip, name) {
			b.WriteString(sep + name + "=" + r[name])
			sep = "&"
		}
	}
	return b.String()
}

// IsNixpkgs reports whether a reference is one to nixpkgs, or a copy of it: whole
// or its library alone.
func (r Ref) IsNixpkgs() bool {
	where := r["url"]
	switch r.kind() {
	case typeIndirect:
		return strings.HasPrefix(r["id"], "nixpkgs")
	case typePath:
		return false
	}
	if r["repo"] != "" {
		where = r["owner"] + "/" + r["repo"]
	}
	where, _, _ = strings.Cut(strings.ToLower(where), "?")
	switch name := strings.TrimSuffix(path.Base(where), ".git"); {
	case name == "nixpkgs" || name == "nixpkgs.lib" || strings.HasPrefix(name, "nixexprs.tar"):
		return true
	}
	for _, part := range []string{"channels.nixos.org/", "releases.nixos.org/", "flakehub.com/f/nixos/nixpkgs", "determinatesystems/nixpkgs-weekly"} {
		if strings.Contains(where, part) {
			return true
		}
	}
	return false
}
