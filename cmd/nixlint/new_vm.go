package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/generator"
)

func newNewVM() *cobra.Command {
	var f newFlags
	var v generator.VM
	var o hardware.Options
	var memory string
	cmd := &cobra.Command{
		Use:   "vm NAME --host HOST",
		Short: "Make a virtual machine under the repository's own option for them",
		Long: `Declares a virtual machine in a file beside those of its host, with the options that the repository
has for virtual machines. Devices and processors are taken from the machine, if it is this
one, or from its snapshot: see nixlint vfio.`,
		Example: `  nixlint new vm windows11 --host toaster --gpu auto --memory 16G --cores 6 --resolution 4K
  nixlint new vm builder --host rack --memory 8192 --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v.Name = args[0]
			var err error
			if v.Memory, err = mebibytes(memory); err != nil {
				return err
			}
			o.Host = v.Host
			if err := o.Validate(); err != nil {
				return err
			}
			return f.run(cmd, func(g *generator.Generator) (*generator.Plan, error) {
				settings, err := f.settings.open()
				if err != nil {
					return nil, err
				}
				s, err := settings.Repository(g.Model.Repo.Root)
				if err != nil {
					return nil, err
				}
				if v.Machine, err = hardware.MachineOf(o, g.Model, s.SnapshotFiles()); err != nil {
					return nil, err
				}
				return g.VM(v)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&v.Host, "host", "", "the host it runs on")
	flags.StringVar(&v.GPU, "gpu", "", "give it this graphics card and its other functions: an address, or auto for the only one to spare")
	flags.StringVar(&memory, "memory", "", "memory in MiB, or in GiB with a G behind the number")
	flags.IntVar(&v.Cores, "cores", 0, "how many cores it sees")
	flags.StringVar(&v.Resolution, "resolution", "", "show it with Looking Glass: the size of its screen, such as 3840x2160 or 4K")
	flags.BoolVar(&v.HDR, "hdr", false, "the screen has more than 8 bits a colour, which takes twice the shared memory")
	flags.StringVar(&o.Sysfs, "sysfs", "", "read the machine from this folder instead of /sys; none to leave it out")
	flags.StringVar(&o.Snapshot, "snapshot", "", "take this file, recorded by nixlint vfio snapshot or nixos-facter, for the host's machine")
	if err := cmd.MarkFlagRequired("host"); err != nil {
		panic(err)
	}
	f.addTo(flags)
	return cmd
}

// mebibytes reads a size of memory: 8192, 8192M or 8G.
func mebibytes(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	number, factor := strings.TrimSuffix(text, "M"), 1
	if n, ok := strings.CutSuffix(text, "G"); ok {
		number, factor = n, 1024
	}
	n, err := strconv.Atoi(number)
	if err != nil || n <= 0 || n > 1<<30 {
		return 0, fmt.Errorf("`%s` is no size of memory: write 8192 for MiB, or 8G", text)
	}
	return n * factor, nil
}
