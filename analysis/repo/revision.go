package repo

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// Revision is what a repository was at a commit.
type Revision struct {
	tree  *object.Tree
	below string // the repository's folder in the work tree
}

// BranchPoint returns what the repository at root was like where the present
// branch left a revision: the last commit that both have, as `git diff REV...`
// compares with. Without one it is the revision itself.
//
// A revision is a branch, a tag, HEAD, or the beginning of a commit's hash, with
// `~`, `^` and numbers behind it.
func BranchPoint(root, revision string) (*Revision, error) {
	top, dir := gitFolder(root)
	if dir == "" {
		return nil, fmt.Errorf("%s is in no git repository", root)
	}
	below, err := filepath.Rel(top, root)
	if err != nil {
		return nil, err
	}
	store := filesystem.NewStorage(dotgit.NewRepositoryFilesystem(osfs.New(dir), osfs.New(commonFolder(dir))), cache.NewObjectLRUDefault())
	commit, err := resolve(store, revision)
	if err != nil {
		return nil, err
	}
	if head, err := resolve(store, "HEAD"); err == nil {
		if bases, err := head.MergeBase(commit); err == nil && len(bases) > 0 {
			commit = bases[0]
		}
	}
	tree, err := commit.Tree()
	if err != nil {
		return nil, err
	}
	return &Revision{tree, filepath.ToSlash(below)}, nil
}

// Text returns what a file was. ok is false if there was none. The path is
// relative to the root of the repository.
func (v *Revision) Text(file string) (text string, ok bool, err error) {
	f, err := v.tree.File(path.Join(v.below, file))
	if errors.Is(err, object.ErrFileNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	text, err = f.Contents()
	return text, err == nil, err
}

// commonFolder returns the folder that linked work trees share.
func commonFolder(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, "commondir"))
	if err != nil {
		return dir
	}
	common := filepath.FromSlash(strings.TrimSpace(string(data)))
	if !filepath.IsAbs(common) {
		common = filepath.Join(dir, common)
	}
	return common
}

// resolve finds the commit that a revision names.
func resolve(store *filesystem.Storage, revision string) (*object.Commit, error) {
	name, steps := revision, ""
	if i := strings.IndexAny(revision, "~^"); i >= 0 {
		name, steps = revision[:i], revision[i:]
	}
	hash, ok := namedHash(store, name)
	if !ok {
		return nil, fmt.Errorf("there is no revision %q", revision)
	}
	commit, err := commitAt(store, hash)
	if err != nil {
		return nil, fmt.Errorf("%q is no commit: %w", revision, err)
	}
	for steps != "" {
		kind := steps[0]
		end := 1
		for end < len(steps) && '0' <= steps[end] && steps[end] <= '9' {
			end++
		}
		n := 1
		if end > 1 {
			if n, err = strconv.Atoi(steps[1:end]); err != nil {
				return nil, fmt.Errorf("there is no revision %q", revision)
			}
		}
		if kind != '~' && kind != '^' {
			return nil, fmt.Errorf("there is no revision %q", revision)
		}
		steps = steps[end:]
		if kind == '^' && n > 1 {
			commit, err = commit.Parent(n - 1)
		} else {
			for ; n > 0 && err == nil; n-- {
				commit, err = commit.Parent(0)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("there is no revision %q: %w", revision, err)
		}
	}
	return commit, nil
}

// namedHash looks for a reference in the order of gitrevisions(7), then for an
// object whose hash begins so.
func namedHash(store *filesystem.Storage, name string) (plumbing.Hash, bool) {
	for _, form := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"} {
		ref, err := storer.ResolveReference(store, plumbing.ReferenceName(fmt.Sprintf(form, name)))
		if err == nil {
			return ref.Hash(), true
		}
	}
	if len(name) < 4 {
		return plumbing.ZeroHash, false
	}
	prefix, err := hex.DecodeString(name[:len(name)&^1])
	if err != nil {
		return plumbing.ZeroHash, false
	}
	hashes, err := store.HashesWithPrefix(prefix)
	if err != nil {
		return plumbing.ZeroHash, false
	}
	var found []plumbing.Hash
	for _, h := range hashes {
		if _, err := commitAt(store, h); err == nil && strings.HasPrefix(h.String(), strings.ToLower(name)) {
			found = append(found, h)
		}
	}
	if len(found) != 1 {
		return plumbing.ZeroHash, false
	}
	return found[0], true
}

// commitAt returns a commit, or the one that a tag is for.
func commitAt(store *filesystem.Storage, hash plumbing.Hash) (*object.Commit, error) {
	if tag, err := object.GetTag(store, hash); err == nil {
		return tag.Commit()
	}
	return object.GetCommit(store, hash)
}
