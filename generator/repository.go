package generator

import (
	"fmt"
	"strings"
)

// Repository describes a whole configuration to be made, with one host and one
// user. Empty fields have the values of DefaultRepository.
type Repository struct {
	Host         string
	User         string
	System       string // such as x86_64-linux
	Disk         string // the drive that disko is to format
	StateVersion string // the release of NixOS that the host is installed with, such as 25.11
}

// DefaultRepository is what is made if nothing else is asked for.
var DefaultRepository = Repository{
	Host: "nixos", User: "user", System: "x86_64-linux", Disk: "/dev/nvme0n1", StateVersion: "25.11",
}

// release is how NixOS names its releases.
var release = lazily(`^[0-9]{2}\.(05|11)$`)

// withDefaults fills in what is not said, and checks the rest.
func (q Repository) withDefaults() (Repository, error) {
	for _, f := range []struct{ field, or *string }{
		{&q.Host, &DefaultRepository.Host}, {&q.User, &DefaultRepository.User}, {&q.System, &DefaultRepository.System},
		{&q.Disk, &DefaultRepository.Disk}, {&q.StateVersion, &DefaultRepository.StateVersion},
	} {
		if *f.field == "" {
			*f.field = *f.or
		}
	}
	if err := checkHostName(q.Host); err != nil {
		return q, err
	}
	if q.Host == "default" {
		return q, fmt.Errorf("`default` is no name for a host: hosts/default.nix lists the hosts")
	}
	if err := checkAccount(q.User); err != nil {
		return q, err
	}
	if q.User == "shared" || q.User == "default" || q.User == "root" {
		return q, fmt.Errorf("`%s` is no name for a user: it means something else already", q.User)
	}
	if err := checkSystem(q.System); err != nil {
		return q, err
	}
	if !release().MatchString(q.StateVersion) {
		return q, fmt.Errorf("`%s` is no release of NixOS: it is one such as %s", shown(q.StateVersion), DefaultRepository.StateVersion)
	}
	return q, checkDisk(q.Disk)
}

// repositoryFiles are the files that every new repository has, which are
// templates of the same names.
var repositoryFiles = []string{
	"flake.nix",
	"lib/default.nix",
	"hosts/default.nix",
	"users/default.nix",
	"users/shared/default.nix",
	"modules/nixos/system/default.nix",
	"modules/nixos/system/boot.nix",
	"modules/nixos/system/locale.nix",
	"modules/nixos/system/nix.nix",
	"modules/nixos/networking/base.nix",
	"modules/nixos/services/openssh.nix",
	"modules/nixos/services/packages.nix",
	"modules/nixos/vfio/passthrough.nix",
	"modules/nixos/virtualization/libvirt.nix",
	"modules/nixos/vms/default.nix",
	"modules/nixos/vms/domain.nix",
	"modules/nixos/vms/vm.nix",
	"modules/home/dev/git.nix",
	"modules/home/shell/bash.nix",
	"README.md",
}

// newFile is a file of a new repository: the template it is made of, and what
// the template gets.
type newFile struct {
	name, template string
	data           map[string]any
}

// New plans a whole configuration in a folder. exists tells whether the folder
// has something of a name, relative to it: none of the files may be there yet.
// layout gives the formatter's settings; nil means nixfmt's own.
func New(q Repository, exists func(file string) bool, layout Layout) (*Plan, error) {
	q, err := q.withDefaults()
	if err != nil {
		return nil, err
	}
	var p Plan
	var there []string
	for _, f := range q.files() {
		if exists(f.name) {
			there = append(there, f.name)
			continue
		}
		text, err := fillOwn(f.template, f.data)
		if err != nil {
			return nil, err
		}
		file, err := newText(f.name, text, layout)
		if err != nil {
			return nil, err
		}
		p.Files = append(p.Files, file)
	}
	if exists("flake.lock") {
		there = append(there, "flake.lock")
	}
	if len(there) > 0 {
		if len(there) > 3 {
			there = append(there[:2], fmt.Sprintf("%d other files of a repository", len(there)-2))
		}
		return nil, fmt.Errorf("the folder has %s already: make a repository in an empty one", strings.Join(there, ", "))
	}
	p.Notes = []string{
		fmt.Sprintf("the disk of `%s` is %s, and all of it is erased when the host is installed: see README.md", q.Host, q.Disk),
		fmt.Sprintf("`%s` has no password yet: README.md says how to give it one", q.User),
	}
	return &p, nil
}

// files are the files of the repository.
func (q Repository) files() []newFile {
	var out []newFile
	for _, name := range repositoryFiles {
		out = append(out, newFile{name, "repo/" + name, q.data()})
	}
	host, user := "hosts/"+q.Host, "users/"+q.User
	return append(out,
		newFile{".gitignore", "repo/gitignore", nil},
		newFile{host + "/disko.nix", "disko.nix", map[string]any{"Name": q.Host, "Disk": quote(q.Disk)}},
		newFile{host + "/default.nix", "host.nix", map[string]any{
			"Name": q.Host, "Formals": "modules, ...",
			"Imports": [][]string{
				{"./disko.nix"},
				{"modules.nixos.networking.base"},
				{"modules.nixos.services.openssh", "modules.nixos.services.packages"},
			},
			"Settings": []string{
				"modules = {\nnetworking.base.enable = true;\n\nservices = {\nopenssh.enable = true;\npackages.enable = true;\n};\n};",
				"nixpkgs.hostPlatform = " + quote(q.System) + ";",
			},
		}},
		newFile{user + "/default.nix", "user.nix", map[string]any{
			"Name": q.User, "Description": "", "Shell": "", "Groups": []string{quote("networkmanager"), quote("wheel")}, "Home": "./home",
		}},
		newFile{user + "/home/default.nix", "home.nix", map[string]any{
			"Name": q.User, "Formals": "modules, ...", "StateVersion": "",
			"Imports":  []string{"../../shared", "modules.home.dev.git", "modules.home.shell.bash"},
			"Settings": []string{"modules = {\ndev.git.enable = true;\nshell.bash.enable = true;\n};\n"},
		}},
	)
}

// data is what the templates of a repository get.
func (q Repository) data() map[string]any {
	return map[string]any{
		"Host": q.Host, "User": q.User, "StateVersion": q.StateVersion,
		"Branch": "nixos-" + q.StateVersion, "HomeBranch": "release-" + q.StateVersion,
	}
}
