package repo

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ignoring are the patterns of the ignore files that hold in a folder, those of
// the folders above first. See gitignore(5).
type ignoring []ignorePattern

// ignorePattern is a line of an ignore file.
type ignorePattern struct {
	base     string // the folder that the file lies in, with a slash; empty for the root
	segments []string
	// anchored patterns are for paths below base, others for names anywhere.
	anchored bool
	dirOnly  bool
	negated  bool // what matches is not ignored after all
}

// matches reports whether git ignores a file or folder, given by its path
// relative to the root. It is to be asked for the folders above first: what is in
// an ignored folder is ignored.
func (ig ignoring) matches(p string, isDir bool) bool {
	name := p[strings.LastIndexByte(p, '/')+1:]
	for i := range slices.Backward(ig) {
		if ig[i].matches(p, name, isDir) {
			return !ig[i].negated
		}
	}
	return false
}

func (ip *ignorePattern) matches(p, name string, isDir bool) bool {
	if ip.dirOnly && !isDir {
		return false
	}
	if !ip.anchored {
		return matchName(ip.segments[0], name) && strings.HasPrefix(p, ip.base)
	}
	rest, ok := strings.CutPrefix(p, ip.base)
	return ok && matchPath(ip.segments, rest)
}

// with adds the patterns of an ignore file in a folder, given relative to the
// root. A file that cannot be read has none.
func (ig ignoring) with(file, folder string) ignoring {
	data, err := os.ReadFile(file)
	if err != nil {
		return ig
	}
	base := ""
	if folder != "" && folder != "." {
		base = folder + "/"
	}
	ig = slices.Clip(ig) // folders beside this one go on from the same
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		if p, ok := parseIgnore(strings.TrimRight(line, "\r\n"), base); ok {
			ig = append(ig, p)
		}
	}
	return ig
}

// parseIgnore reads a line of an ignore file. ok is false for those that are
// empty or a comment.
func parseIgnore(line, base string) (p ignorePattern, ok bool) {
	if strings.HasPrefix(line, "#") {
		return p, false
	}
	p.base = base
	if line, ok = strings.CutPrefix(line, "!"); ok {
		p.negated = true
	}
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line, ok = strings.CutSuffix(line, "/"); ok {
		p.dirOnly = true
	}
	if line == "" {
		return p, false
	}
	p.anchored = strings.Contains(line, "/")
	p.segments = strings.Split(strings.TrimPrefix(line, "/"), "/")
	return p, true
}

// matchPath matches the parts of a pattern with those of a path. `**` stands for
// any number of them, one at least in the end.
func matchPath(pattern []string, p string) bool {
	at, any, from := 0, -1, "" // any is the last `**`, from what it has not taken
	for rest := p; rest != ""; {
		name, further, _ := strings.Cut(rest, "/")
		switch {
		case at < len(pattern) && pattern[at] == "**":
			any, from = at, rest
			at++
		case at < len(pattern) && matchName(pattern[at], name):
			at++
			rest = further
		case any >= 0:
			_, from, _ = strings.Cut(from, "/")
			at, rest = any+1, from
		default:
			return false
		}
	}
	return at == len(pattern)
}

// matchName matches a pattern without slashes with a name.
func matchName(pattern, name string) bool {
	at, any, from := 0, -1, 0 // any is the last `*`, from where it has come to
	for i := 0; i < len(name); {
		if at < len(pattern) && pattern[at] == '*' {
			any, from = at, i
			at++
			continue
		}
		if n := matchByte(pattern[at:], name[i]); n > 0 {
			at += n
			i++
			continue
		}
		if any < 0 {
			return false
		}
		from++
		at, i = any+1, from
	}
	return strings.Trim(pattern[at:], "*") == ""
}

// matchByte matches the beginning of a pattern with a byte, and returns how long
// that beginning is, 0 if it does not match.
func matchByte(pattern string, c byte) int {
	switch {
	case pattern == "":
		return 0
	case pattern[0] == '?':
		return 1
	case pattern[0] == '[':
		return matchClass(pattern, c)
	case pattern[0] == '\\' && len(pattern) > 1:
		if pattern[1] == c {
			return 2
		}
		return 0
	case pattern[0] == c:
		return 1
	}
	return 0
}

// matchClass matches a set of bytes in brackets. One that does not end matches
// nothing.
func matchClass(pattern string, c byte) int {
	i, negated, found := 1, false, false
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		i, negated = i+1, true
	}
	for first := i; i < len(pattern); {
		if pattern[i] == ']' && i > first {
			if found == negated {
				return 0
			}
			return i + 1
		}
		if name, rest, ok := strings.Cut(pattern[i:], ":]"); ok && strings.HasPrefix(name, "[:") {
			found = found || inClass(name[2:], c)
			i = len(pattern) - len(rest)
			continue
		}
		low, n := classByte(pattern[i:])
		i += n
		high := low
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			high, n = classByte(pattern[i+1:])
			i += 1 + n
		}
		found = found || c == low || low <= c && c <= high
	}
	return 0
}

// classByte reads a byte of a set, which may stand behind a backslash.
func classByte(pattern string) (c byte, size int) {
	if pattern[0] == '\\' && len(pattern) > 1 {
		return pattern[1], 2
	}
	return pattern[0], 1
}

// inClass reports whether a byte is in a class of POSIX, such as alpha. Bytes
// beyond ASCII are in none.
func inClass(class string, c byte) bool {
	lower, upper, digit := 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9'
	graphic := '!' <= c && c <= '~'
	switch class {
	case "alnum":
		return lower || upper || digit
	case "alpha":
		return lower || upper
	case "blank":
		return c == ' ' || c == '\t'
	case "cntrl":
		return c < ' ' || c == 0x7f
	case "digit":
		return digit
	case "graph":
		return graphic
	case "lower":
		return lower
	case "print":
		return graphic || c == ' '
	case "punct":
		return graphic && !lower && !upper && !digit
	case "space":
		return c == ' ' || '\t' <= c && c <= '\r'
	case "upper":
		return upper
	case "xdigit":
		return digit || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
	}
	return false
}

// Ignored reports whether git ignores a path, which need not exist, or keeps it
// in a submodule that is not checked out.
func (r *Repo) Ignored(p string) bool {
	ignored := recall(r.disk, r.disk.ignored, p, func() bool { return Ignores(r.Root, p) || inAbsentSubmodule(r.Root, p) })
	if r.reads != nil {
		r.reads.ignored[p] = ignored
	}
	return ignored
}

// Ignores reports whether git ignores a path, which need not exist, of the
// repository at root.
func Ignores(root, p string) bool {
	ig := rootIgnoring(root)
	for end := 0; end < len(p); {
		folder := strings.TrimSuffix(p[:end], "/")
		ig = ig.with(filepath.Join(root, filepath.FromSlash(folder), ".gitignore"), folder)
		next := strings.IndexByte(p[end:], '/')
		if next < 0 {
			return ig.matches(p, false)
		}
		if ig.matches(p[:end+next], true) {
			return true
		}
		end += next + 1
	}
	return false
}

// rootIgnoring returns the patterns that hold everywhere in a work tree but are
// not in its files.
func rootIgnoring(root string) ignoring {
	return ignoring(nil).with(filepath.Join(root, ".git", "info", "exclude"), "")
}

// inAbsentSubmodule reports whether a path is, or lies in, a folder that
// .gitmodules names and that holds nothing. See gitmodules(5).
func inAbsentSubmodule(root, p string) bool {
	data, err := os.ReadFile(filepath.Join(root, ".gitmodules"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		key, folder, _ := strings.Cut(line, "=")
		folder = strings.Trim(strings.TrimSpace(folder), `"`)
		if strings.TrimSpace(key) != "path" || p != folder && !strings.HasPrefix(p, folder+"/") {
			continue
		}
		if entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder))); err != nil || len(entries) == 0 {
			return true
		}
	}
	return false
}
