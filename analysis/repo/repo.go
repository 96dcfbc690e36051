package repo

import (
	"fmt"
	goiter "iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/parser"
)

// Options says how to open a repository. The zero value is right for most.
type Options struct {
	// Jobs is the number of files read at once; 0 means one for each processor.
	Jobs int
	// Overlay holds texts that win over the disk, by path relative to the
	// root: files open in an editor, saved or not.
	Overlay map[string]string
	// Inputs are folders with the sources of inputs of the flake, by NAME or
	// NAME/SUB for an input of an input. They win over what flake.lock says.
	Inputs map[string]string
	// Store is where fetched inputs are looked up; empty for Nix's own place.
	Store string
	// RealLib makes evaluation use nixpkgs' own library, if nixpkgs is at hand,
	// and not nixlint's model of it.
	RealLib bool
	// Lazy makes files be read when they are asked for, rather than at once. It is
	// for looking at a few files only.
	Lazy bool
	// Alone leaves out all files that are not in Overlay.
	Alone bool
	// Unsaved is Alone where there is no disk at all: the root is but a name.
	Unsaved bool
	// Apart makes each host evaluate for itself what does not depend on it, so
	// that values that are not evaluated whole print as Nix prints them.
	Apart bool
}

// File is one Nix file of a repository.
type File struct {
	Path string // slash-separated, relative to the root
	Text string
	Tree *parser.Tree
	// Err is why the file could not be read; Tree is that of an empty file
	// then.
	Err error

	read           func() // reads the file, once; nil if it has been read from the start
	referencesOnce sync.Once
	references     []Reference
}

// Repo is a repository with all its Nix files read and parsed, or to be so when
// they are asked for. It is immutable and safe for concurrent use.
type Repo struct {
	Root   string // absolute path
	prefix string // of the absolute paths of what is in it, slash-separated
	// Files are sorted by path. In a repository that is opened lazily they are empty
	// until All or File has read them.
	Files []*File

	readAll sync.Once
	all     []*File // Files, also where those are not to be asked for
	byPath  map[string]*File
	overlay map[string]string
	options Options
	source  source
	code    *eval.Code // of the files that models have evaluated; later states of the repository share it

	disk    *onDisk
	folders map[string]bool // that were read, as in tree

	scopedOnce sync.Once // guards scoped
	scoped     bool

	words *words // that have been looked for

	reads *reads // where it is noted what is looked at; nil if nobody asks
}

// Open reads the repository that name, a file or folder, belongs to.
func Open(name string, opts Options) (*Repo, error) {
	if opts.Unsaved {
		return open(name, opts, nil)
	}
	root, err := FindRoot(name)
	if err != nil {
		return nil, err
	}
	return open(root, opts, nil)
}

// open reads the repository at root. Trees of files that are as they were in
// before, which may be nil, are taken from there.
func open(root string, opts Options, before *Repo) (*Repo, error) {
	var t tree
	var err error
	if !opts.Alone && !opts.Unsaved {
		if t, err = walk(root, nixSuffix, documentSuffix); err != nil {
			return nil, fmt.Errorf("listing %s: %w", root, err)
		}
	}
	var paths, documents []string
	for _, p := range t.files {
		if strings.HasSuffix(p, nixSuffix) {
			paths = append(paths, p)
		} else {
			documents = append(documents, p)
		}
	}
	for p := range opts.Overlay {
		if strings.HasSuffix(p, ".nix") && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	slices.Sort(documents)
	prefix := strings.TrimSuffix(cleanSlash(root), "/") + "/"
	r := &Repo{Root: root, prefix: prefix, byPath: make(map[string]*File, len(paths)), overlay: opts.Overlay, options: opts, disk: newOnDisk(root), code: &eval.Code{}, words: &words{}, folders: t.folders}
	r.disk.documents = fileList{documents, true}
	if before != nil {
		r.code = before.code
	}
	if r.source, err = newSource(r); err != nil {
		return nil, err
	}
	if opts.Lazy {
		r.Files = make([]*File, len(paths))
		empty := parser.Parse("")
		for i, p := range paths {
			f := &File{Path: p, Tree: empty}
			f.read = sync.OnceFunc(func() { f.Text, f.Tree, f.Err = r.load(p) })
			r.Files[i] = f
		}
	} else {
		r.Files = parallel.Map(r.workers(), paths, func(p *string) *File { return r.loadUnless(*p, before) })
	}
	r.all = r.Files
	for _, f := range r.Files {
		r.byPath[f.Path] = f
	}
	return r, nil
}

func (r *Repo) workers() parallel.Workers { return parallel.Workers{Most: r.options.Jobs} }

// loadUnless reads and parses a file, unless it is in before as it is now.
func (r *Repo) loadUnless(p string, before *Repo) *File {
	text, err := r.readText(p)
	if before != nil && err == nil {
		if f := before.File(p); f != nil && f.Err == nil && f.Text == text {
			return f
		}
	}
	return &File{Path: p, Text: text, Tree: parser.Parse(text), Err: err}
}

func (r *Repo) load(p string) (text string, tree *parser.Tree, err error) {
	text, err = r.readText(p)
	return text, parser.Parse(text), err
}

func (r *Repo) readText(p string) (string, error) {
	if text, ok := r.overlay[p]; ok {
		return text, nil
	}
	data, err := readFile(r.Root + string(filepath.Separator) + filepath.FromSlash(p))
	// The bytes are ours alone and never written again.
	text := unsafe.String(unsafe.SliceData(data), len(data))
	if isEncrypted(text) {
		return encryptedText, nil
	}
	return text, err
}

// All returns Files with all of them read. What asks only for their names, or for
// a few of them, uses Paths and File.
func (r *Repo) All() []*File {
	if r.reads != nil {
		r.reads.all = r.all
	}
	r.readAll.Do(func() {
		if r.options.Lazy {
			parallel.Each(r.workers(), r.all, func(f **File) { (*f).ensureRead() })
		}
	})
	return r.all
}

// Paths returns the paths of all files, sorted.
func (r *Repo) Paths() goiter.Seq[string] {
	if r.reads != nil {
		r.reads.listed = r.all
	}
	return func(yield func(string) bool) {
		for _, f := range r.all {
			if !yield(f.Path) {
				return
			}
		}
	}
}

// IsPlain reports whether a folder, by its absolute path, is known to hold neither .git nor
// a file of settings, for it was listed with the repository.
func (r *Repo) IsPlain(dir string) bool {
	rel, own := r.rel(cleanSlash(dir))
	if rel == "." {
		rel = ""
	}
	return own && r.folders[rel]
}

// words remembers whether the files of a repository mention a text.
type words struct {
	mu    sync.Mutex // guards known
	known map[string]bool
}

// Mentions reports whether a text stands in some Nix file, which is quicker to find out
// than where.
func (r *Repo) Mentions(text string) bool {
	r.words.mu.Lock()
	defer r.words.mu.Unlock()
	has, ok := r.words.known[text]
	if !ok {
		has = slices.ContainsFunc(r.all, func(f *File) bool {
			f.ensureRead()
			return strings.Contains(f.Text, text)
		})
		if r.words.known == nil {
			r.words.known = make(map[string]bool)
		}
		r.words.known[text] = has
	}
	if r.reads != nil {
		r.reads.words[text] = has
	}
	return has
}

func (f *File) ensureRead() {
	if f.read != nil {
		f.read()
	}
}

// encryptedText stands for the text of files that lie there encrypted. What it
// evaluates to is unknown.
const encryptedText = "# encrypted\n{ }\n"

// isEncrypted reports whether a file lies there as git-crypt, age or GnuPG made it.
func isEncrypted(text string) bool {
	for _, start := range [...]string{"\x00GITCRYPT\x00", "age-encryption.org/v1\n", "-----BEGIN AGE ENCRYPTED FILE", "-----BEGIN PGP MESSAGE"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// File returns the file with the given path relative to the root, or nil.
func (r *Repo) File(p string) *File {
	f := r.byPath[p]
	if f != nil {
		f.ensureRead()
	}
	if r.reads != nil {
		r.reads.nix[p] = f
	}
	return f
}

// Has reports whether there is a Nix file with the given path relative to the
// root. It need not be read for that.
func (r *Repo) Has(p string) bool {
	if r.reads != nil {
		r.reads.nix[p] = r.byPath[p]
	}
	return r.byPath[p] != nil
}

// Text returns the text of any file of the repository, the overlay's if it is
// in it.
func (r *Repo) Text(p string) (string, error) {
	if r.reads != nil {
		r.reads.texts[r.abs(p)] = r.textAt(r.abs(p))
	}
	if f := r.byPath[p]; f != nil {
		return f.Text, f.Err
	}
	return r.source.ReadFile(r.abs(p))
}
