package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// outputFlags are the flags that say how findings are shown and where they go.
type outputFlags struct {
	format     string
	file       string
	statistics bool
	style      render.Style // of standard output
}

func (o *outputFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "format", "human", "output format: "+strings.Join(render.Formats(), ", "))
	flags.StringVarP(&o.file, "output-file", "o", "", "write the output to this file")
	flags.BoolVar(&o.statistics, "statistics", false, "count findings by rule instead of showing them")
}

func (o outputFlags) validate() error {
	if !slices.Contains(render.Formats(), o.format) {
		return render.UnknownFormat(o.format)
	}
	if o.statistics && o.format != "human" && o.format != "json" {
		return fmt.Errorf("--statistics are printed as human or json, not as %s", o.format)
	}
	return nil
}

// projectVariables name, by format, the environment variable in which the
// service that reads the format says where the project is: it wants files
// named relative to that folder.
var projectVariables = map[string]string{
	"github": "GITHUB_WORKSPACE",
	"sarif":  "GITHUB_WORKSPACE",
	"gitlab": "CI_PROJECT_DIR",
}

// dir is the folder that files are named relative to: the working directory,
// or the project around it.
func (o outputFlags) dir(workdir string) string {
	project := os.Getenv(projectVariables[o.format])
	if project == "" || !filepath.IsAbs(project) {
		return workdir
	}
	rel, err := filepath.Rel(project, workdir)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return workdir
	}
	return filepath.Clean(project)
}

// write prints reports to the file that was asked for, else to stdout.
func (o outputFlags) write(stdout io.Writer, workdir string, reports []*render.Report) error {
	doc := render.Document{Reports: reports, Dir: o.dir(workdir), Version: version()}
	print := func(w io.Writer) error {
		if o.statistics {
			return doc.Statistics(w, o.format)
		}
		return doc.Write(w, o.format)
	}
	if o.file == "" {
		doc.Style = o.style
		return print(stdout)
	}
	defer render.UseColor(!color.NoColor)
	render.UseColor(false)
	var b bytes.Buffer
	if err := print(&b); err != nil {
		return err
	}
	return writeFile(o.file, b.String())
}
