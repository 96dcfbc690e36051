package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/session"
)

// section is the name of the settings in the editor.
const section = "nixlint"

// settings is what the editor's user has set, all of it optional: at the start, by
// initializationOptions, and later, by the editor's configuration.
type settings struct {
	// Diagnostics is "push" or "pull". It counts at the start only.
	Diagnostics string `json:"diagnostics"`
	// Select, ExtendSelect and Ignore choose rules as the flags of that name do.
	Select       []string          `json:"select"`
	ExtendSelect []string          `json:"extendSelect"`
	Ignore       []string          `json:"ignore"`
	Inputs       map[string]string `json:"inputs"`
	InlayHints   hintSettings      `json:"inlayHints"`
	// RenameFiles makes the file of a registry's key be renamed along with the key.
	RenameFiles bool `json:"renameFiles"`
}

// decodeSettings reads settings over others. Null changes nothing.
func decodeSettings(data []byte, over settings) (settings, error) {
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return over, nil
	}
	over.Inputs = nil
	err := json.Unmarshal(data, &over)
	return over, err
}

// forSession is what the settings say about how a repository is looked at.
func (s settings) forSession(jobs int) session.Options {
	return session.Options{Select: s.Select, ExtendSelect: s.ExtendSelect, Ignore: s.Ignore, Inputs: s.Inputs, Jobs: jobs}
}

// findsAs reports whether two settings find the same.
func (s settings) findsAs(o settings) bool {
	return slices.Equal(s.Select, o.Select) && slices.Equal(s.ExtendSelect, o.ExtendSelect) && slices.Equal(s.Ignore, o.Ignore) &&
		maps.Equal(s.Inputs, o.Inputs)
}

// DidChangeConfiguration takes new settings: those that the message has, or else those that
// the editor is asked for.
func (s *server) DidChangeConfiguration(_ context.Context, p *protocol.DidChangeConfigurationParams) error {
	var sent struct {
		Nixlint json.RawMessage `json:"nixlint"`
	}
	if err := json.Unmarshal(p.Settings, &sent); len(p.Settings) > 0 && err == nil && len(sent.Nixlint) > 0 {
		return s.configure(sent.Nixlint)
	}
	s.pullSettings()
	return nil
}

// pullSettings asks the editor for its settings, if it can be asked.
func (s *server) pullSettings() {
	if !s.editor.configures {
		return
	}
	s.background("asking for settings", func(ctx context.Context) {
		answers, err := s.client.Configuration(ctx, &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: ptr(section)}}})
		if err == nil && len(answers) > 0 {
			err = s.configure(answers[0])
		}
		if err != nil && ctx.Err() == nil {
			s.options.Log.Warn("the editor's settings are not understood", "error", err)
		}
	})
}

// configure makes settings hold that are read over those of the start.
func (s *server) configure(data []byte) error {
	w := &s.workspace
	w.mu.Lock()
	defer w.mu.Unlock()
	set, err := decodeSettings(data, w.initial)
	if err != nil {
		return err
	}
	before := w.settings
	w.settings = set
	if !set.findsAs(before) {
		for _, f := range w.folders {
			if err := f.Configure(set.forSession(s.options.jobs)); err != nil {
				return err
			}
			f.touch(w.openIn(f)...)
		}
	}
	if set.InlayHints != before.InlayHints && s.editor.refreshesHints {
		s.background("refreshing hints", func(ctx context.Context) { _ = s.client.InlayHintRefresh(ctx) })
	}
	return nil
}

// openIn returns the files of a repository that are open. The caller holds mu.
func (w *workspace) openIn(f *folder) (out []string) {
	for _, d := range w.documents {
		if d.folder == f {
			out = append(out, d.path)
		}
	}
	return out
}

// hints returns the settings of inlay hints.
func (w *workspace) hints() hintSettings {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settings.InlayHints
}

// renamesFiles reports whether files are renamed along with keys of registries.
func (w *workspace) renamesFiles() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settings.RenameFiles
}
