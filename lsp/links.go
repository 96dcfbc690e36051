package lsp

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// DocumentLink returns the path literals of a file, and the texts that begin with the flake,
// that lead to something, the addresses of the web, and the references of flakes as such.
func (s *server) DocumentLink(ctx context.Context, p *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.DocumentLink{}
	link := func(target string, at parser.Span) {
		if module := q.Repo.ModuleFile(target); module != "" {
			target = module
		}
		if q.Repo.Entry(target) == repo.NoEntry {
			return
		}
		u := q.folder.uriOf(target)
		out = append(out, protocol.DocumentLink{Range: q.toRange(at), Target: &u, Tooltip: &target})
	}
	for _, ref := range q.File(q.path).References() {
		link(ref.Target, ref.Node.Span())
	}
	for n := range q.tree().Root().Preorder() {
		var text string
		switch n.Kind() {
		case parser.KindString:
			if target, at, ok := repo.SelfTarget(parser.String{Node: n}); ok {
				link(target, at)
				continue
			}
			text, _ = parser.String{Node: n}.Static()
		case parser.KindURI:
			text = n.Text()
		}
		if address := addressOf(text); address != "" {
			span := n.Span()
			if n.Is(parser.KindString) {
				span.Start, span.End = span.Start+1, span.End-1
			}
			u := uri.URI(address)
			out = append(out, protocol.DocumentLink{Range: q.toRange(span), Target: &u, Tooltip: &address})
		}
	}
	return out, nil
}

// forges are the sites that references of flakes name by their type.
var forges = map[string]string{"github": "github.com", "gitlab": "gitlab.com", "sourcehut": "git.sr.ht"}

// addressOf returns the address of the web that a text is, or whose repository it names as
// a reference of a flake; empty for others.
func addressOf(text string) string {
	if !strings.Contains(text, ":") || strings.ContainsAny(text, " \n\"<>$") {
		return ""
	}
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return ""
		}
		return text
	}
	ref, ok := flake.ParseRef(text)
	if !ok {
		return ""
	}
	switch ref["type"] {
	case "github", "gitlab", "sourcehut":
		host := ref["host"]
		if host == "" {
			host = forges[ref["type"]]
		}
		address := "https://" + host + "/" + ref["owner"] + "/" + strings.ReplaceAll(ref["repo"], "%2F", "/")
		if at := ref["ref"] + ref["rev"]; at != "" && ref["type"] != "sourcehut" {
			address += "/tree/" + at
		}
		return address
	case "git", "tarball", "file":
		_, rest, _ := strings.Cut(ref["url"], "+")
		for _, address := range []string{ref["url"], rest} {
			if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
				return address
			}
		}
	}
	return ""
}

// uriOfFile returns the URI of a file by its path.
func uriOfFile(name string) uri.URI { return uri.File(filepath.Clean(name)) }
