package nixfmt

// trailing prints the comment behind a token.
func (p *printer) trailing(l *leaf) {
	if l.trail != 0 {
		p.spacing(hardspace)
		t := p.comments.trails[l.trail]
		p.text(textTrailingComment, t.start, t.end, p.widthOf(t.start, t.end))
		p.spacing(hardline)
	}
}

// trivia prints the comments and empty lines before a token.
func (p *printer) trivia(l *leaf) {
	if l.pre == noRun {
		return
	}
	list := p.comments.run(l)
	if len(list) > 1 || list[0].kind != triviumAnnotation {
		p.spacing(hardline)
	}
	for i := range list {
		p.trivium(&list[i])
	}
}

func (p *printer) trivium(t *trivium) {
	switch t.kind {
	case triviumEmptyLine:
		p.spacing(emptyline)
	case triviumLine:
		p.comment(t.start, t.end)
		p.spacing(hardline)
	case triviumAnnotation:
		p.comment(t.start, t.end)
		p.spacing(hardspace)
	case triviumBlock, triviumDoc:
		if t.kind == triviumDoc {
			p.literal(textComment, "/**")
		} else {
			p.literal(textComment, "/*")
		}
		p.spacing(hardline)
		p.off += 2
		for _, line := range p.comments.lines[t.start:t.end] {
			if line.start == line.end {
				p.spacing(emptyline)
			} else {
				p.comment(line.start, line.end)
				p.spacing(hardline)
			}
		}
		p.off -= 2
		p.literal(textComment, "*/")
		p.spacing(hardline)
	default:
		p.directiveTrivium(t)
	}
}

func (p *printer) comment(start, end uint32) { p.text(textComment, start, end, p.widthOf(start, end)) }

// moveUp turns the comment behind a token into one above it, below those that
// are there.
func (p *printer) moveUp(l *leaf) {
	if l.trail == 0 || p.squash.fail() {
		return
	}
	c := &p.comments
	mark := len(c.list)
	c.list = append(c.list, c.run(l)...)
	t := c.trails[l.trail]
	c.list = append(c.list, trivium{triviumLine, t.start, t.end})
	l.pre, l.trail = c.endRun(mark), 0
}

// prependTrail moves the comment behind a token above another one, before the
// comments that are there.
func (p *printer) prependTrail(to, from *leaf) {
	if from.trail == 0 || p.squash.fail() {
		return
	}
	c := &p.comments
	mark := len(c.list)
	t := c.trails[from.trail]
	c.list = append(c.list, trivium{triviumLine, t.start, t.end})
	c.list = append(c.list, c.run(to)...)
	to.pre, from.trail = c.endRun(mark), 0
}

// prependPre moves the leading trivia of a token to another one, before the
// trivia that is there.
func (p *printer) prependPre(to, from *leaf) {
	if from.pre == noRun || p.squash.fail() {
		return
	}
	c := &p.comments
	mark := len(c.list)
	c.list = append(c.list, c.run(from)...)
	c.list = append(c.list, c.run(to)...)
	to.pre, from.pre = c.endRun(mark), noRun
}
