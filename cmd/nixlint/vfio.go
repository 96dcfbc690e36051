package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/machines"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pciids"
)

// vfioFlags are the flags of `nixlint vfio`.
type vfioFlags struct {
	json     bool
	inputs   inputFlags
	settings settingsFlags
}

func newVFIO() *cobra.Command {
	var f vfioFlags
	cmd := &cobra.Command{
		Use:   "vfio [PATH]",
		Short: "Show machines beside what the configuration claims of their devices",
		Long: `Lists, for the hosts of the repository around PATH (default: the working directory), the
devices that are worth passing to a guest: with their names, ids, drivers and IOMMU groups,
what the configuration wants each for, and what is wrong with that.

The machine is the running one for the host that has its name. For others it is what was
recorded of it: the file that nixlint.toml names, hosts/NAME/hardware.json or
hosts/NAME/facter.json.`,
		Example: `  nixlint vfio
  nixlint vfio --host toaster
  nixlint vfio --host toaster --snapshot toaster.json --json
  nixlint vfio snapshot -o hosts/toaster/hardware.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			return showMachines(cmd, path, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print JSON")
	addHardwareTo(flags, &f.settings.options.Hardware)
	f.inputs.addTo(flags)
	f.settings.addTo(flags)
	cmd.AddCommand(newSnapshot())
	return cmd
}

// showMachines shows the hosts of the repository around a path.
func showMachines(cmd *cobra.Command, path string, f vfioFlags) error {
	f.settings.options.Select = []string{"vfio"}
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	if err := settings.Hardware().Validate(); err != nil {
		return err
	}
	r, err := f.inputs.open(path, settings)
	if err != nil {
		return err
	}
	m := r.Model()
	hosts, err := describeHosts(m, settings)
	if err != nil {
		return err
	}
	if len(m.Hosts) == 0 {
		found, err := hardware.Read(sysfsOf(settings.Hardware().Sysfs))
		if err != nil {
			return fmt.Errorf("there are no hosts in %s, and no machine: %w", r.Root, err)
		}
		hosts = []*machines.Host{machines.Alone(found, pciids.System())}
	}
	findings, err := rules.Check(r, settings, 0)
	if err != nil {
		return err
	}
	findings = slices.DeleteFunc(findings, func(d diagnostic.Diagnostic) bool {
		rule := rules.ByName(d.Rule)
		return rule == nil || rule.Group != "vfio"
	})
	workdir, err := os.Getwd()
	if err != nil {
		return err
	}
	report := &render.Report{
		Findings: findings, Files: len(r.Files), Show: render.ShowRelative(r.Root, workdir),
		Text: func(file string) string { text, _ := r.Text(file); return text },
	}
	if f.json {
		return writeMachinesJSON(cmd.OutOrStdout(), hosts, report, workdir)
	}
	return writeMachines(cmd.OutOrStdout(), hosts, report, workdir)
}

func sysfsOf(flag string) string {
	if flag == "" || flag == hardware.None {
		return "/sys"
	}
	return flag
}

// describeHosts holds the hosts that the flags choose against their machines.
func describeHosts(m *repo.Model, c *config.Config) ([]*machines.Host, error) {
	settings, err := c.Repository(m.Repo.Root)
	if err != nil {
		return nil, err
	}
	snapshots := settings.SnapshotFiles()
	if err := c.Hardware().CheckHost(m); err != nil {
		return nil, err
	}
	var guests [][]string
	for _, g := range settings.Guests {
		path := g.Value.Split()
		if len(m.Hosts) > 0 && !claims.Declared(m, path) {
			return nil, &config.Error{File: g.From.Name, Pos: g.From.Pos, Message: fmt.Sprintf("`vfio.guests` names `%s`, and no host has such an option", g.Value)}
		}
		guests = append(guests, path)
	}
	lookup := hardware.NewLookup(c.Hardware(), m, snapshots)
	names := pciids.System()
	var out []*machines.Host
	for _, h := range m.Hosts {
		if lookup.Wanted(h.Name) {
			out = append(out, machines.New(claims.Of(m, h, guests), lookup.Of(h), names))
		}
	}
	return out, nil
}

// writeMachines prints tables, and below them what is wrong.
func writeMachines(w io.Writer, hosts []*machines.Host, report *render.Report, workdir string) error {
	for i, h := range hosts {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := h.Write(w); err != nil {
			return err
		}
	}
	if len(report.Findings) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	doc := render.Document{Reports: []*render.Report{report}, Dir: workdir, Version: version(), Style: styleOf(w)}
	return doc.Write(w, "short")
}

// writeMachinesJSON prints the same for programs. Findings are as check prints
// them.
func writeMachinesJSON(w io.Writer, hosts []*machines.Host, report *render.Report, workdir string) error {
	var b strings.Builder
	doc := render.Document{Reports: []*render.Report{report}, Dir: workdir, Version: version()}
	if err := doc.Write(&b, "json"); err != nil {
		return err
	}
	var check struct {
		Findings json.RawMessage `json:"findings"`
	}
	if err := json.Unmarshal([]byte(b.String()), &check); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Version  int              `json:"version"`
		Hosts    []*machines.Host `json:"hosts"`
		Findings json.RawMessage  `json:"findings"`
	}{1, hosts, check.Findings})
}

// newSnapshot makes the command that records a machine.
func newSnapshot() *cobra.Command {
	var output, sysfs, host string
	var redact bool
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Record this machine, to check its configuration elsewhere",
		Long: `Writes what is known of the running machine as JSON, always in the same way, so that a
snapshot in version control changes only where the machine did. There are no serial
numbers, MAC addresses, names of disks or users in it, and of the kernel's command line
only what checks look at.`,
		Example: `  nixlint vfio snapshot -o hosts/toaster/hardware.json
  nixlint vfio snapshot --host toaster --redact`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := hardware.Read(sysfs)
			if err != nil {
				return err
			}
			return writeSnapshot(cmd, m, output, host, redact)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	flags.StringVar(&sysfs, "sysfs", "/sys", "read the machine from this folder")
	flags.StringVar(&host, "host", "", "the host's name in nixosConfigurations (default: the folder of the output file, or the name of the machine)")
	flags.BoolVar(&redact, "redact", false, "leave out the makers of boards and the names of network interfaces too")
	return cmd
}

func writeSnapshot(cmd *cobra.Command, m *machine.Machine, output, host string, redact bool) error {
	if host == "" && filepath.Base(filepath.Dir(filepath.Dir(output))) == "hosts" {
		host = filepath.Base(filepath.Dir(output))
	}
	if host == "" {
		host, _ = os.Hostname()
	}
	m.Host = host
	m.Captured.Date = time.Now().Format(time.DateOnly)
	m.Captured.Tool = "nixlint " + version()
	if redact {
		m.Redact()
	}
	var b strings.Builder
	if err := m.Encode(&b); err != nil {
		return err
	}
	for _, n := range m.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "nixlint: %s: %s\n", n.Path, n.Problem)
	}
	if output == "" {
		_, err := io.WriteString(cmd.OutOrStdout(), b.String())
		return err
	}
	return writeOutput(output, b.String())
}
