package repo

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Revision is what a repository was at a commit.
type Revision struct {
	git    string // where git keeps what it knows
	commit string // its hash
	below  string // the repository's folder in the work tree
}

// BranchPoint returns what the repository at root was like where the present
// branch left a revision: the last commit that both have, as `git diff REV...`
// compares with. Without one it is the revision itself. It asks git, and so does
// Texts: what a revision is, and where its objects are, has become more than one
// can keep up with.
func BranchPoint(root, revision string) (*Revision, error) {
	top, dir := gitFolder(root)
	if dir == "" {
		return nil, fmt.Errorf("%s is in no git repository", root)
	}
	below, err := filepath.Rel(top, root)
	if err != nil {
		return nil, err
	}
	v := &Revision{git: dir, below: filepath.ToSlash(below)}
	commit, err := v.ask("", "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if _, refused := errors.AsType[*exec.ExitError](err); refused {
		return nil, fmt.Errorf("there is no revision %q", revision)
	}
	if err != nil {
		return nil, err
	}
	v.commit = strings.TrimSpace(commit)
	if base, err := v.ask("", "merge-base", "HEAD", v.commit); err == nil {
		v.commit = strings.TrimSpace(base)
	}
	return v, nil
}

// Texts returns what files were, by their paths relative to the root. Those that
// there were not are left out.
func (v *Revision) Texts(files []string) (map[string]string, error) {
	var names strings.Builder
	var asked []string
	for _, f := range files {
		if strings.Contains(f, "\n") {
			continue // cannot be asked for: taken to be new
		}
		asked = append(asked, f)
		fmt.Fprintf(&names, "%s:%s\n", v.commit, path.Join(v.below, f))
	}
	answer, err := v.ask(names.String(), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	// A file is answered by its hash, kind and size on a line, then its text.
	texts := make(map[string]string, len(asked))
	for _, f := range asked {
		line, rest, _ := strings.Cut(answer, "\n")
		answer = rest
		fields := strings.Fields(line)
		if strings.HasSuffix(line, " missing") || len(fields) != 3 {
			continue
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil || size+1 > len(answer) {
			return nil, fmt.Errorf("git cat-file: cannot understand %q", line)
		}
		if fields[1] == "blob" {
			texts[f] = answer[:size]
		}
		answer = answer[size+1:]
	}
	return texts, nil
}

// ask runs git, which reads what it has at hand and fetches nothing.
func (v *Revision) ask(input string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"--git-dir=" + v.git}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("git is needed to read revisions, and it is not on the PATH")
	}
	if message := strings.TrimSpace(stderr.String()); err != nil && message != "" {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, message)
	}
	return string(out), err
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
