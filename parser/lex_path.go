package parser

import "strings"

// scanRun finds the end of the run of path characters around pos and what
// follows it.
func (l *lexer) scanRun(pos uint32) {
	if pos < l.runEnd {
		return
	}
	end := pos
	l.runUnderscore = pos
	for int(end) < len(l.src) && classes[l.src[end]]&classPath != 0 {
		if l.src[end] == '_' {
			l.runUnderscore = end + 1
		}
		end++
	}
	l.runEnd = end
	l.runPath = l.at(end) == '/' && l.slashMakesPath(end)
	l.runColon = l.at(end) == ':' && classes[l.at(end+1)]&classURI != 0
}

// slashMakesPath reports whether the slash at pos makes a path of what stands
// before it.
func (l *lexer) slashMakesPath(pos uint32) bool {
	next := l.at(pos + 1)
	return classes[next]&classPath != 0 || next == '$' && l.at(pos+2) == '{'
}

// isPath reports whether a path with at least one slash starts at pos.
func (l *lexer) isPath(pos uint32) bool {
	l.scanRun(pos)
	return l.runPath
}

// isURI reports whether an unquoted URI starts at pos, which is at a letter.
func (l *lexer) isURI(pos uint32) bool {
	l.scanRun(pos)
	return l.runColon && l.runUnderscore <= pos
}

// isBareFolder reports whether `./` or `../` with nothing behind it stands at
// pos. Nix sees a dot and a division there; people mean a folder.
func (l *lexer) isBareFolder(pos uint32) bool {
	if l.at(pos+1) == '.' {
		pos++
	}
	return l.at(pos+1) == '/' && l.at(pos+2) != '*' && l.at(pos+2) != '/'
}

func (l *lexer) uri(pos uint32) uint32 {
	end := l.runEnd + 1
	for int(end) < len(l.src) && classes[l.src[end]]&classURI != 0 {
		end++
	}
	l.emit(TokenURI, pos, end)
	return end
}

// searchPathEnd returns the end of a search path such as `<nixpkgs/lib>` that
// starts at pos, or 0.
func (l *lexer) searchPathEnd(pos uint32) uint32 {
	end := pos + 1
	for {
		seg := end
		for classes[l.at(end)]&classPath != 0 {
			end++
		}
		if end == seg {
			return 0
		}
		switch l.at(end) {
		case '>':
			return end + 1
		case '/':
			end++
		default:
			return 0
		}
	}
}

func (l *lexer) startPath(pos uint32) uint32 {
	l.modes = append(l.modes, mode{modePath, pos})
	return pos
}

// pathPart lexes the next part of a path: literal text, then an interpolation
// or the path's end.
func (l *lexer) pathPart(pos, start uint32) uint32 {
	end := pos
	if pos == start && l.at(pos) == '~' {
		end++
	}
	for int(end) < len(l.src) && (classes[l.src[end]]&classPath != 0 || l.src[end] == '/') {
		end++
	}
	if end > pos {
		l.emit(TokenPathText, pos, end)
	}
	if l.at(end) == '$' && l.at(end+1) == '{' {
		return l.openInterp(end)
	}
	l.modes = l.modes[:len(l.modes)-1]
	// Nix's grammar happens to allow an empty part only before an
	// interpolation.
	if i := strings.Index(l.src[pos:end], "//"); pos == start && i >= 0 && pos+uint32(i)+2 < end {
		at := pos + uint32(i)
		l.errors = append(l.errors, Error{
			Span:    Span{at, at + 2},
			Message: "path has a double slash",
			Help:    "for the operator `//` put blanks around it",
			Fix:     &Fix{"replace `//` by `/`", Span{at, at + 2}, "/"},
		})
		return end
	}
	if end > 0 && l.src[end-1] == '/' {
		l.errors = append(l.errors, Error{
			Span:    Span{end - 1, end},
			Message: "path has a trailing slash",
			Help:    "remove the slash",
		})
		if s := l.src[start:end]; s != "./" && s != "../" && s != "~/" {
			e := &l.errors[len(l.errors)-1]
			e.Fix = &Fix{"remove the slash", e.Span, ""}
		} else {
			l.errors[len(l.errors)-1].Help = "write `" + strings.TrimSuffix(s, "/") + "/.` for the folder itself"
		}
	}
	return end
}
