package machines

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"
)

var (
	strong = color.New(color.Bold).SprintFunc()
	faint  = color.New(color.Faint).SprintFunc()
	alarm  = color.New(color.FgRed, color.Bold).SprintFunc()
)

// Write shows a host as a table for people.
func (h *Host) Write(w io.Writer) error {
	var b strings.Builder
	h.heading(&b)
	h.table(&b)
	for _, g := range h.Guests {
		fmt.Fprintf(&b, "  guest %s", strong(g.Name))
		if g.VCPUs > 0 {
			fmt.Fprintf(&b, ", %d processors", g.VCPUs)
		}
		if g.MemoryMiB > 0 {
			fmt.Fprintf(&b, ", %s", gib(g.MemoryMiB))
		}
		if len(g.Devices) > 0 {
			fmt.Fprintf(&b, ", gets %s", strings.Join(short(g.Devices), " "))
		}
		if len(g.Contexts) < len(h.Contexts) {
			fmt.Fprintf(&b, " (%s)", strings.Join(g.Contexts, ", "))
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// heading says what the machine is and where that is known from.
func (h *Host) heading(b *strings.Builder) {
	name := h.Name
	if name == "" {
		name = "this machine"
	}
	b.WriteString(strong(name))
	m := h.Machine
	if m == nil {
		b.WriteString(": nothing is known of its machine\n")
		if h.Problem != "" {
			fmt.Fprintf(b, "  %s\n", h.Problem)
		}
		fmt.Fprintf(b, "  on it, run: nixlint vfio snapshot -o hosts/%s/hardware.json\n", h.Name)
		return
	}
	var parts []string
	if m.Processor != "" {
		parts = append(parts, m.Processor)
	}
	if m.Threads > 0 {
		parts = append(parts, strconv.Itoa(m.Threads)+" threads")
	}
	if m.MemoryMiB > 0 {
		parts = append(parts, gib(m.MemoryMiB))
	}
	if m.Kernel != "" {
		parts = append(parts, "Linux "+m.Kernel)
	}
	fmt.Fprintf(b, "  %s\n", strings.Join(parts, ", "))
	from := "this machine"
	if !m.Live {
		from = "recorded in " + m.File
		if m.Date != "" {
			from += " on " + m.Date
		}
	}
	if m.BootEntry != "" {
		from += ", booted: " + m.BootEntry
	}
	from += ", IOMMU " + m.IOMMU
	fmt.Fprintf(b, "  %s\n", faint(from))
	if h.Problem != "" {
		fmt.Fprintf(b, "  %s\n", h.Problem)
	}
}

// table lists the devices, with columns as wide as need be.
func (h *Host) table(b *strings.Builder) {
	if len(h.Devices) == 0 {
		return
	}
	rows := [][]string{{"ADDRESS", "ID", "DEVICE", "DRIVER", "GROUP", "WITH", "CLAIMED BY"}}
	for _, d := range h.Devices {
		driver, group := "", ""
		if d.Driver != nil {
			driver = *d.Driver
			if driver == "" {
				driver = "-"
			}
		}
		if d.Group != nil {
			group = strconv.Itoa(*d.Group)
		}
		name := clip(d.Name, 44)
		if d.Missing {
			name = "no such device"
		}
		var by []string
		for _, c := range d.Claims {
			by = append(by, c.says(h.Contexts))
		}
		for _, use := range d.HostUse {
			by = append(by, hostUses[use])
		}
		rows = append(rows, []string{
			short([]string{d.Address})[0], d.ID, name, driver, group, clip(strings.Join(short(d.Members), " "), 24), strings.Join(by, ", "),
		})
	}
	// Columns in which nothing is known are left out.
	widths := make([]int, len(rows[0]))
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell), utf8.RuneCountInString(rows[0][i]))
			}
		}
	}
	for n, row := range rows {
		line := " "
		for i, cell := range row {
			if widths[i] > 0 {
				line += " " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " "
			}
		}
		line = strings.TrimRight(line, " ")
		switch {
		case n == 0:
			line = faint(line)
		case h.Devices[n-1].Missing:
			line = alarm(line)
		case len(h.Devices[n-1].Claims) > 0:
			line = strong(line)
		}
		b.WriteString(line + "\n")
	}
}

// hostUses say what the running system needs a device for.
var hostUses = map[string]string{
	"root": "holds the host's /", "boot": "holds /boot", "swap": "holds swap", "hid": "keyboard or mouse", "net-only": "the only network card",
	"display": "shows the host's picture",
}

// short leaves the domain out of addresses in the first one.
func short(addresses []string) []string {
	out := make([]string, len(addresses))
	for i, a := range addresses {
		out[i] = strings.TrimPrefix(a, "0000:")
	}
	return out
}

// clip shortens a text to so many characters.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func gib(mib uint64) string {
	if mib%1024 == 0 {
		return fmt.Sprintf("%d GiB", mib/1024)
	}
	return fmt.Sprintf("%.1f GiB", float64(mib)/1024)
}
