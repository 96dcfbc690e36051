package migrate

import (
	"path"
	"regexp"
	"strings"
	"sync"
)

// fromTreefmt turns a glob of treefmt, which is compared with the whole path
// and whose `*` stands for slashes too, into one of nixlint.
func fromTreefmt(glob string) string {
	segments := strings.Split(strings.Trim(strings.TrimPrefix(glob, "./"), "/"), "/")
	var out []string
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "*" && last:
			// A folder stands for all that is in it.
			out = append(out, "*")
		case s == "*":
			out = append(out, "*", "**")
		case strings.Contains(s, "**"), !strings.Contains(s, "*"):
			out = append(out, s)
		case strings.HasPrefix(s, "*"):
			out = append(out, "**", s)
		case strings.HasSuffix(s, "*") && last && strings.Count(s, "*") == 1, strings.ContainsAny(s, "{},"):
			out = append(out, s)
		default:
			head, tail, _ := strings.Cut(s, "*")
			out = append(out, "{"+s+","+head+"*/**/*"+tail+"}")
		}
	}
	return strings.Join(out, "/")
}

// namesNix reports whether a glob of treefmt can name a file of Nix. Without
// anything to stand for other text it names one file.
func namesNix(glob string) bool {
	if strings.HasSuffix(glob, ".nix") {
		return true
	}
	if !strings.ContainsAny(glob, "*?[{") {
		return false
	}
	ext := path.Ext(glob)
	return ext == "" || strings.ContainsAny(ext, "*?[]{}/")
}

// fromGitignore turns a line as in .gitignore, which statix takes, into a glob
// of nixlint.
func fromGitignore(pattern string) (glob string, ok bool) {
	if strings.HasPrefix(pattern, "!") || strings.TrimSpace(pattern) == "" {
		return "", false
	}
	pattern = strings.TrimSuffix(pattern, "/")
	if !strings.Contains(pattern, "/") {
		return "**/" + pattern, true
	}
	return strings.TrimPrefix(pattern, "/"), true
}

var (
	literalRegexp = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\^((?:[\w/-]|\\\.)+)\$?$`) })
	eitherRegexp  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\^\((?:\?:)?((?:[\w/|-]|\\\.)+)\)/$`) })
	suffixRegexp  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^((?:[\w/-]|\\\.)+)\$$`) })
)

// fromRegexp turns a regular expression for paths, as pre-commit has them, into
// a glob of nixlint, if it says no more than what paths begin or end with.
func fromRegexp(re string) (glob string, ok bool) {
	if m := literalRegexp().FindStringSubmatch(re); m != nil {
		name := strings.ReplaceAll(m[1], `\.`, ".")
		if strings.HasSuffix(re, "$") || strings.HasSuffix(name, "/") {
			return strings.TrimSuffix(name, "/"), true
		}
		return name + "*", true
	}
	if m := eitherRegexp().FindStringSubmatch(re); m != nil {
		return "{" + strings.ReplaceAll(strings.ReplaceAll(m[1], `\.`, "."), "|", ",") + "}", true
	}
	if m := suffixRegexp().FindStringSubmatch(re); m != nil {
		name, whole := strings.CutPrefix(strings.ReplaceAll(m[1], `\.`, "."), "/")
		switch {
		case whole:
			return "**/" + name, true
		case !strings.Contains(name, "/"):
			return "**/*" + name, true
		}
	}
	return "", false
}
