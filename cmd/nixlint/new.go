package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/generator"
)

// newFlags are the flags that all of `nixlint new` have.
type newFlags struct {
	dryRun   bool
	inputs   inputFlags
	settings settingsFlags
}

func (f *newFlags) addTo(flags *pflag.FlagSet) {
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the diff of what would be written and write nothing")
	f.inputs.addTo(flags)
	f.settings.addTo(flags)
}

func newNew() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Scaffold a host, a user, a module or a virtual machine as the repository does it, or a repository",
		Long: `Makes the files of something new, and registers it in the files that exist, in the style
of the repository around the working directory. What exists is never overwritten; all files
are written or none; a second run changes nothing.

A repository can have templates of its own in ` + repo.TemplateFolder + `.`,
		Example: `  nixlint new repo ~/nixos --host toaster --user mira
  nixlint new host attic --users mira --modules services.openssh,networking.base
  nixlint new user ida --groups wheel --hosts toaster,laptop
  nixlint new module nixos services/backup --import-in toaster`,
	}
	cmd.AddCommand(newNewRepo(), newNewHost(), newNewUser(), newNewModule(), newNewVM())
	return cmd
}

func newNewHost() *cobra.Command {
	var f newFlags
	var h generator.Host
	cmd := &cobra.Command{
		Use:   "host NAME",
		Short: "Make the folder of a host, and its entry beside the other hosts",
		Long: `Makes the files of a host beside those of the others, with the modules it imports grouped by
category and switched on, and builds it as the other hosts are built.`,
		Example: `  nixlint new host attic --users mira --modules services.openssh,networking.base
  nixlint new host attic --disk /dev/disk/by-id/nvme-Example --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h.Name = args[0]
			return f.run(cmd, func(g *generator.Generator) (*generator.Plan, error) { return g.Host(h) })
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&h.Users, "users", nil, "give the host these users")
	flags.StringSliceVar(&h.Modules, "modules", nil, "import these modules of the registry, by their keys")
	flags.StringVar(&h.System, "system", "", "the kind of machine (default x86_64-linux)")
	flags.StringVar(&h.Disk, "disk", "", "the drive that disko formats")
	f.addTo(flags)
	return cmd
}

func newNewUser() *cobra.Command {
	var f newFlags
	var u generator.User
	cmd := &cobra.Command{
		Use:   "user NAME",
		Short: "Make the folder of a user, and its entries among the users and on hosts",
		Long: `Makes the account and the home of a user beside those of the others, names it where the
users are named, and gives it to the hosts that --hosts lists.`,
		Example: `  nixlint new user ida --description "Ida" --groups wheel,video --hosts toaster,laptop`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			u.Name = args[0]
			return f.run(cmd, func(g *generator.Generator) (*generator.Plan, error) { return g.User(u) })
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&u.Description, "description", "", "the full name")
	flags.StringVar(&u.Shell, "shell", "", "the package of the login shell, such as zsh")
	flags.StringSliceVar(&u.Groups, "groups", nil, "further groups of the account")
	flags.StringSliceVar(&u.Hosts, "hosts", nil, "give the account to these hosts")
	f.addTo(flags)
	return cmd
}

func newNewModule() *cobra.Command {
	var f newFlags
	var m generator.Module
	cmd := &cobra.Command{
		Use:   "module nixos|home CATEGORY/FEATURE",
		Short: "Make a module with options, its key in the registry, and its import",
		Long: `Makes a module with options of its own in the folder of its category, names it in the
registry of modules if the repository has one, and imports it where --import-in says.`,
		Example: `  nixlint new module nixos services/backup --import-in toaster
  nixlint new module home dev/jujutsu --import-in mira
  nixlint new module nixos services/backup --option target:str=/srv --option keep:int=7`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "nixos", "home":
			default:
				return fmt.Errorf("unknown kind of module %q: it is nixos or home", args[0])
			}
			m.Home, m.Name = args[0] == "home", args[1]
			return f.run(cmd, func(g *generator.Generator) (*generator.Plan, error) { return g.Module(m) })
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&m.Options, "option", nil, "declare an option: NAME:TYPE or NAME:TYPE=DEFAULT")
	flags.StringVar(&m.ImportIn, "import-in", "", "import the module in this host, or in the home of this user")
	f.addTo(flags)
	return cmd
}

// run makes a plan for the repository around the working directory and shows
// or writes it.
func (f *newFlags) run(cmd *cobra.Command, plan func(*generator.Generator) (*generator.Plan, error)) error {
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	root, err := repo.FindRoot(".")
	if err != nil {
		return err
	}
	options, err := f.inputs.options(root, settings)
	if err != nil {
		return err
	}
	p, err := generator.Propose(root, options, layoutIn(root, settings), plan)
	if err != nil {
		return err
	}
	return f.carryOut(cmd, root, p)
}

// carryOut shows or writes a plan for the folder root.
func (f *newFlags) carryOut(cmd *cobra.Command, root string, p *generator.Plan) error {
	workdir, err := os.Getwd()
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	show := func(file string) string {
		return render.ShowRelative("/", workdir)(filepath.Join(root, filepath.FromSlash(file)))
	}
	if f.dryRun {
		err = showPlan(out, p)
	} else {
		err = writePlan(out, root, show, p)
	}
	if err != nil {
		return err
	}
	for _, file := range p.Kept {
		fmt.Fprintf(out, "left %s as it is\n", show(file))
	}
	if p.IsEmpty() {
		fmt.Fprintln(out, "nothing to do: all of it is there already")
	}
	for _, note := range p.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	if !f.dryRun && len(p.Files) > 0 && gitRoot(root) != "" {
		var names []string
		for _, file := range p.Files {
			names = append(names, show(file.Path))
		}
		if len(names) > 8 {
			names = []string{show(".")}
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "note: Nix sees the new files of a flake once git does: git add %s\n", strings.Join(names, " "))
	}
	return nil
}

// layoutIn returns the settings of the formatter for the files of a repository.
func layoutIn(root string, settings *config.Config) generator.Layout {
	return func(file string) (nixfmt.Options, error) {
		return layoutOf(settings, filepath.Join(root, filepath.FromSlash(file)))
	}
}

// showPlan prints what a plan changes as a diff, new files first.
func showPlan(out io.Writer, p *generator.Plan) error {
	after, err := p.Overlay()
	if err != nil {
		return err
	}
	for _, f := range p.Files {
		if err := render.NewFile(out, f.Path, f.Text); err != nil {
			return err
		}
	}
	for _, e := range p.Edits {
		if err := render.Diff(out, e.File, p.Base[e.File], after[e.File]); err != nil {
			return err
		}
	}
	return nil
}
