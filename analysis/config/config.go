// Package config reads the files nixlint.toml and says which settings are in
// force for a file of the repository, and where each of them comes from.
//
// The settings for a file are those of the nearest nixlint.toml at or above it.
// A file of settings inherits from the one above it, up to the root of the
// repository: what it says wins, what it does not say holds. Inside one file,
// tables about single files win over the others; flags win over all files.
//
// Nothing in a file of settings is ignored: unknown keys, names of no rule and
// globs that cannot be read are errors.
package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
)

// Options says where settings come from. Only Rules is needed.
type Options struct {
	// Rules are the rules there are.
	Rules []Rule
	// Select, ExtendSelect and Ignore are the names of rules and groups given
	// on the command line. Select wins over what files of settings choose,
	// except for what they ignore in single files.
	Select, ExtendSelect, Ignore []string
	// File is the one file of settings to read; it holds as if it were in the
	// root of the repository. By default each file's are looked for.
	File string
	// Isolated is set if no file of settings is read.
	Isolated bool
	// ReadFile reads a file by its absolute name; by default it is os.ReadFile.
	// A language server reads what is open in the editor.
	ReadFile func(name string) ([]byte, error)
	// Hardware says which machines the configuration is held against.
	Hardware hardware.Options
}

// Config finds the settings for files. It is safe for concurrent use. Files of
// settings are read once; for changes to be seen, a new one is made.
type Config struct {
	options Options
	flags   Choice

	mu      sync.Mutex // guards chains, with the settings in them, and gitTops
	chains  map[string]*chain
	gitTops map[string]string // folder to the nearest with .git at or above it

	alikeMu sync.RWMutex // guards alike: who asks for a known folder does not wait for the disk
	// alike holds the settings of folders, as they were named, in which all files
	// have the same.
	alike map[string]*Settings

	listed *repo.Repo // see Listed; may be nil
}

// Listed tells the folders of a repository, which need not be looked at again for files of
// settings that are not there. It is called before others use the Config.
func (c *Config) Listed(r *repo.Repo) { c.listed = r }

// isPlain reports whether a folder is known to hold neither .git nor a file of settings.
func (c *Config) isPlain(dir string) bool { return c.listed != nil && c.listed.IsPlain(dir) }

// Hardware says which machines the configuration is held against.
func (c *Config) Hardware() hardware.Options { return c.options.Hardware }

// chain are the files of settings that hold for a folder.
type chain struct {
	layers   []*layer
	rules    []Rule // those of the user among them
	settings map[string]*Settings
	err      error
}

// New makes a Config.
func New(o Options) *Config {
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	c := &Config{options: o, chains: make(map[string]*chain), gitTops: make(map[string]string), alike: make(map[string]*Settings)}
	c.flags = Choice{Select: flagEntries(o.Select), ExtendSelect: flagEntries(o.ExtendSelect), Ignore: flagEntries(o.Ignore)}
	return c
}

func flagEntries(names []string) []Entry[RuleName] {
	var out []Entry[RuleName]
	for _, n := range names {
		out = append(out, Entry[RuleName]{Value: RuleName(n)})
	}
	return out
}

// For returns the settings for a file, which need not exist. The error is
// [Errors] if a file of settings has mistakes.
func (c *Config) For(name string) (*Settings, error) {
	folder, base := filepath.Split(name)
	named := base != "" && base != "." && base != ".." // or the name is that of a folder
	if named {
		c.alikeMu.RLock()
		s := c.alike[folder]
		c.alikeMu.RUnlock()
		if s != nil {
			return s, nil
		}
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	ch := c.chain(filepath.Dir(abs))
	if ch.err != nil {
		return nil, ch.err
	}
	m := matchLayers(ch.layers, abs)
	key := m.key()
	c.mu.Lock()
	defer c.mu.Unlock()
	s := ch.settings[key]
	if s == nil {
		s = c.resolve(ch.rules, ch.layers, m)
		ch.settings[key] = s
	}
	if named && !slices.ContainsFunc(ch.layers, (*layer).tellsFilesApart) {
		c.alikeMu.Lock()
		c.alike[folder] = s
		c.alikeMu.Unlock()
	}
	return s, nil
}

// In returns the settings for a file of a repository, given by its slash-separated path
// relative to the root. It is For, made fast for the many files of folders that are known.
func (c *Config) In(root, file string) (*Settings, error) {
	const usual = 256 // longer names take memory of their own
	name := append(append(append(make([]byte, 0, usual), root...), filepath.Separator), file[:strings.LastIndexByte(file, '/')+1]...)
	c.alikeMu.RLock()
	s := c.alike[string(name)]
	c.alikeMu.RUnlock()
	if s != nil {
		return s, nil
	}
	return c.For(filepath.Join(root, filepath.FromSlash(file)))
}

// Repository returns the settings for a repository as a whole. Unlike for [Config.For],
// it is an error if a path in them leads nowhere: who only formats a file need
// not have the sources of all inputs.
func (c *Config) Repository(root string) (*Settings, error) {
	s, err := c.For(filepath.Join(root, FileName))
	if err != nil {
		return nil, err
	}
	if errs := s.checkPaths(); len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

// key tells matches apart.
func (m match) key() string {
	out := make([]rune, len(m))
	for i, n := range m {
		out[i] = rune(n + 1)
	}
	return string(out)
}

// chain returns the files of settings for a folder.
func (c *Config) chain(dir string) *chain {
	if c.options.Isolated {
		dir = ""
	}
	return remember(&c.mu, c.chains, dir, c.newChain)
}

// remember returns what a map holds for a folder, having found it out first if need be.
// Nobody waits meanwhile: two who ask at once both look at the disk, and get the same.
func remember[T any](mu *sync.Mutex, known map[string]T, dir string, find func(dir string) T) T {
	mu.Lock()
	v, ok := known[dir]
	mu.Unlock()
	if ok {
		return v
	}
	found := find(dir)
	mu.Lock()
	defer mu.Unlock()
	if v, ok := known[dir]; ok {
		return v
	}
	known[dir] = found
	return found
}

func (c *Config) newChain(dir string) *chain {
	empty := &chain{rules: c.options.Rules, settings: make(map[string]*Settings)}
	if c.options.Isolated {
		return empty
	}
	if c.options.File != "" {
		root, err := repo.FindRoot(existing(dir))
		if err != nil {
			return &chain{err: err}
		}
		if dir != root {
			return c.chain(root)
		}
		name, err := filepath.Abs(c.options.File)
		if err != nil {
			return &chain{err: err}
		}
		data, err := c.options.ReadFile(name)
		if err != nil {
			return &chain{err: err}
		}
		return extend(empty, name, data, root, true)
	}
	top := c.gitTop(dir)
	root := top
	if top == "" {
		var err error
		if root, err = repo.FindRoot(existing(dir)); err != nil {
			return &chain{err: err}
		}
	}
	above := empty
	if dir != root {
		above = c.chain(filepath.Dir(dir))
		if above.err != nil {
			return above
		}
	}
	if dir != root && c.isPlain(dir) {
		return above
	}
	name := filepath.Join(dir, FileName)
	data, err := c.options.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return above
	}
	if err == nil && dir != root {
		// A flake need not be in the root of its Git repository.
		root, err = repo.FindRoot(dir)
	}
	if err != nil {
		return &chain{err: err}
	}
	return extend(above, name, data, dir, dir == root)
}

// extend adds a file of settings to those of the folders above.
func extend(above *chain, name string, data []byte, dir string, atRoot bool) *chain {
	f, errs := Parse(name, data)
	if f != nil {
		errs = append(errs, newKnown(above.rules).checkNames(name, f)...)
		if !atRoot {
			errs = append(errs, checkRootOnly(name, f)...)
		}
		slices.SortStableFunc(errs, func(a, b *Error) int { return comparePos(a.Pos, b.Pos) })
	}
	if len(errs) > 0 {
		return &chain{err: errs}
	}
	l := &layer{File: f, name: name, dir: dir, own: make(map[string]Pos)}
	out := &chain{layers: append(slices.Clip(above.layers), l), rules: slices.Clip(above.rules), settings: make(map[string]*Settings)}
	for _, r := range f.Rules {
		l.own[string(r.Name.Value)] = r.Name.At
		out.rules = append(out.rules, Rule{Name: string(r.Name.Value), Group: UserGroup})
	}
	return out
}

// UnknownFlags returns an error if a name given on the command line is that of
// no rule or group in the files of settings read so far.
func (c *Config) UnknownFlags() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := newKnown(c.options.Rules)
	for _, ch := range c.chains {
		for _, l := range ch.layers {
			for name := range l.own {
				k.names = append(k.names, name)
			}
		}
	}
	for _, names := range [][]Entry[RuleName]{c.flags.Select, c.flags.ExtendSelect, c.flags.Ignore} {
		for _, n := range names {
			if fault := k.fault(string(n.Value)); fault != "" {
				return errors.New(fault)
			}
		}
	}
	return nil
}

// gitTop returns the nearest folder at or above dir that holds .git, or "".
func (c *Config) gitTop(dir string) string {
	return remember(&c.mu, c.gitTops, dir, func(dir string) string {
		if !c.isPlain(dir) {
			if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
				return dir
			}
		}
		if up := filepath.Dir(dir); up != dir {
			return c.gitTop(up)
		}
		return ""
	})
}

// existing returns the nearest folder at or above dir that exists.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
