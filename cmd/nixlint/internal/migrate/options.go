package migrate

import (
	"path"
	"strings"
)

// toolOf returns the tool that a command runs; ok is false if it is none that
// nixlint replaces. Wrappers have the name of the tool in theirs.
func toolOf(command string) (t tool, ok bool) {
	name := path.Base(command)
	for _, t := range []tool{nixpkgsFmt, nixfDiagnose, deadnix, statix, alejandra, nixfmt} {
		if strings.Contains(name, string(t)) {
			return t, true
		}
	}
	return "", false
}

// nixfRules are the rules here for those of nixf-diagnose.
var nixfRules = map[string]string{
	"deprecated-let":                        "legacy-let",
	"deprecated-url-literal":                "unquoted-uri",
	"lex-float-leading-zero":                "number-in-pieces",
	"lex-float-no-exp":                      "number-in-pieces",
	"merge-diff-rec":                        "mixed-rec",
	"or-identifier":                         "cursed-or",
	"parse-redundant-paren":                 "useless-parens",
	"sema-constant-overridden":              "constant-overridden",
	"sema-extra-rec":                        "unused-rec",
	"sema-extra-with":                       "unused-with",
	"sema-primop-needs-prefix":              "builtin-needs-prefix",
	"sema-primop-overridden":                "shadowed-builtin",
	"sema-primop-removed-prefix":            "builtin-prefix-removable",
	"sema-primop-unknown":                   "builtin-unknown",
	"sema-undefined-variable":               "undefined-variable",
	"sema-unused-def-lambda-noarg-formal":   "unused-formal",
	"sema-unused-def-lambda-witharg-arg":    "unused-argument",
	"sema-unused-def-lambda-witharg-formal": "unused-interface-formal",
	"sema-unused-def-let":                   "unused-binding",
}

// options carries over the flags that a tool is run with.
func (c *collector) options(t tool, args []string, file string) {
	for i := 0; i < len(args); i++ {
		flag, value, joined := strings.Cut(args[i], "=")
		// take returns the value of a flag, be it joined to it or the next
		// argument.
		take := func() string {
			if !joined && i+1 < len(args) {
				i++
				return args[i]
			}
			return value
		}
		switch {
		case !strings.HasPrefix(flag, "-"):
			// A file or folder to work on.
		case t == deadnix:
			c.deadnixFlag(flag, file, func() (paths []string) {
				if joined {
					return []string{value}
				}
				for i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
					i++
					paths = append(paths, args[i])
				}
				return paths
			})
		case t == nixfDiagnose && (flag == "--ignore" || flag == "-i"):
			name := take()
			rule, ok := nixfRules[name]
			if !ok {
				rule = name
			}
			c.ignoreRule(rule, file, name)
		case t == nixfmt && (flag == "--width" || flag == "-w"):
			c.width = carried{take(), file + ": " + flag}
		case t == nixfmt && flag == "--indent":
			c.indent = carried{take(), file + ": " + flag}
		case t == nixfmt && (flag == "--strict" || flag == "-s"):
			c.strict = carried{"true", file + ": " + flag}
		case flag == "--exclude" || t == alejandra && flag == "-e", t == statix && (flag == "--ignore" || flag == "-i"):
			value := take()
			if t == statix {
				c.ignoreFiles([]string{value}, file)
			} else {
				c.exclude(t, cleanPath(value), file, flag+" "+value)
			}
		default:
			c.everydayFlag(t, flag, file)
		}
	}
}

// everydayFlag tells what becomes of a flag that is not carried over.
func (c *collector) everydayFlag(t tool, flag, file string) {
	if about, known := everydayFlags[flag]; !known {
		c.leave(file, "`%s %s` has no counterpart", t, flag)
	} else if about != "" {
		c.leave(file, "`%s %s`: %s", t, flag, about)
	}
}

// everydayFlags are flags that say how a tool is run, and not what it does;
// with what does the same here, or "" if that is what nixlint does anyway.
var everydayFlags = map[string]string{
	"--edit": "that is `nixlint check --unsafe-fixes`", "-e": "that is `nixlint check --unsafe-fixes`",
	"--auto-fix": "that is `nixlint check --fix`",
	"--fail":     "", "-f": "", "--hidden": "", "-h": "", "--quiet": "", "-q": "", "--check": "", "-c": "", "--verify": "", "-v": "",
	"--output-format": "that is `nixlint check --format`", "-o": "that is `nixlint check --format`", "--format": "that is `nixlint check --format`",
	"--unrestricted": "nixlint leaves out what git ignores", "-u": "nixlint leaves out what git ignores",
	"--config":  "only the settings in the root of the repository are read",
	"--threads": "that is `--jobs`",
}

// deadnixFlag carries over a flag of deadnix. Its single letters may stand
// together. The arguments that follow are taken by paths.
func (c *collector) deadnixFlag(flag, file string, paths func() []string) {
	if !strings.HasPrefix(flag, "--") && len(flag) > 2 {
		for _, letter := range flag[1:] {
			c.deadnixFlag("-"+string(letter), file, paths)
		}
		return
	}
	what := "deadnix " + flag
	switch flag {
	case "-l", "--no-lambda-arg":
		c.ignoreRule("unused-argument", file, what)
	case "-L", "--no-lambda-pattern-names":
		c.ignoreRule("unused-formal", file, what)
	case "-_", "--no-underscore":
		// Names that begin with an underscore are never reported.
	case "-W", "--warn-used-underscore":
		c.leave(file, "`%s`: nixlint does not report names that begin with an underscore and are used", what)
	case "--exclude":
		for _, p := range paths() {
			c.exclude(deadnix, cleanPath(p), file, what+" "+p)
		}
	default:
		c.everydayFlag(deadnix, flag, file)
	}
}

func cleanPath(p string) string { return strings.TrimPrefix(path.Clean(p), "/") }
