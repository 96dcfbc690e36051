package config

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/analysis/repo"
)

// FileName is the name of files of settings.
const FileName = repo.SettingsFile

// File is what a file of settings says. Its JSON schema and its documentation
// are made from these types: the tag `toml` is the key, `doc` says what it
// means, `default` what holds without it, `example` how it is written.
type File struct {
	Exclude []Entry[Glob]      `toml:"exclude" doc:"Files that are neither checked nor formatted, also if they are named on the command line. They remain part of the repository: what imports them finds them." example:"exclude = [\"vendor\", \"**/*.generated.nix\"]"`
	Check   CheckTable         `toml:"check" doc:"What nixlint check finds."`
	Fmt     FmtTable           `toml:"fmt" doc:"How nixlint fmt formats. Flags on the command line win."`
	Repo    RepoTable          `toml:"repo" root:"only" doc:"What nixlint cannot find out about the repository."`
	Hosts   Keyed[HostTable]   `toml:"hosts" root:"only" doc:"Facts about hosts, by name."`
	VFIO    VFIOTable          `toml:"vfio" root:"only" doc:"Virtual machines and the machines that they run on."`
	Inputs  Keyed[Entry[Path]] `toml:"inputs" root:"only" doc:"Folders with the sources of flake inputs, by name, or NAME/SUB for an input of an input. They win over what flake.lock names." example:"[inputs]\nnixpkgs = \"../nixpkgs\""`
	Rules   []RuleTable        `toml:"rule" doc:"A rule of your own: a pattern of code that is not wanted, as docs/user-rules.md tells. It runs on the files below the folder of nixlint.toml."`
}

// Choice says which rules run.
type Choice struct {
	Select       []Entry[RuleName]   `toml:"select" doc:"The rules that run, by name or group, and no others." example:"select = [\"names\", \"import-path-missing\"]"`
	ExtendSelect []Entry[RuleName]   `toml:"extend-select" doc:"Rules that run too, by name or group." example:"extend-select = [\"shadowed-binding\"]"`
	Ignore       []Entry[RuleName]   `toml:"ignore" doc:"Rules that do not run, by name or group. A rule's own name wins over the name of its group, wherever the two stand." example:"ignore = [\"eta-reduction\"]"`
	Severity     Keyed[Entry[Level]] `toml:"severity" doc:"How grave findings are, by rule or group; \"off\" is another way to ignore. A rule that is given a severity by its own name runs." example:"severity = { unused-formal = \"info\", vfio = \"off\" }"`
}

// CheckTable is the table [check].
type CheckTable struct {
	Preset Entry[Preset] `toml:"preset" doc:"The rules to begin with." default:"recommended"`
	Choice
	RequireReason Entry[bool]   `toml:"require-suppression-reason" doc:"Whether each nixlint-ignore comment must say why: turns on the rule suppression-without-reason." default:"false"`
	Baseline      Entry[Path]   `toml:"baseline" root:"only" doc:"A file of findings that are known and not reported, as written by nixlint check --write-baseline." example:"baseline = \"nixlint-baseline.json\""`
	Exclude       []Entry[Glob] `toml:"exclude" doc:"Files that are not checked."`
	PerFile       Keyed[Choice] `toml:"per-file" doc:"Other rules for the files that a glob names. Of several globs, the later ones win." example:"[check.per-file.\"hosts/**\"]\nextend-select = [\"shadowed-binding\"]"`
}

// FmtTable is the table [fmt].
type FmtTable struct {
	Width   Entry[Columns] `toml:"width" doc:"Columns a line may have, not counting its indentation." default:"100"`
	Indent  Entry[Columns] `toml:"indent" doc:"Columns of one step of indentation." default:"2"`
	Strict  Entry[bool]    `toml:"strict" doc:"Whether to lay out independently of where the source breaks lines." default:"false"`
	Exclude []Entry[Glob]  `toml:"exclude" doc:"Files that are not formatted."`
}

// RepoTable is the table [repo].
type RepoTable struct {
	Reachable []Entry[Glob] `toml:"reachable" doc:"Files that are in use although nixlint cannot see by what, such as modules that a program picks. They are not reported as unused." example:"reachable = [\"modules/generated/**\"]"`
}

// HostTable is a table [hosts.NAME].
type HostTable struct {
	Snapshot Entry[Path] `toml:"snapshot" doc:"The recorded hardware of the host, as written by nixlint vfio snapshot." example:"[hosts.desk]\nsnapshot = \"hosts/desk/machine.json\""`
}

// VFIOTable is the table [vfio].
type VFIOTable struct {
	Guests []Entry[OptionPath] `toml:"guests" doc:"Options of your own that describe virtual machines: a set of them by name, a list of sets that have a name, or a single one. Options that look like it are found without." example:"[vfio]\nguests = [\"my.lab.boxes\"]"`
	MaxAge Entry[Count]        `toml:"max-age" doc:"Days after which the recorded hardware of a host is reported as old; 0 for never." default:"180"`
}

// RuleTable is a table [[rule]].
type RuleTable struct {
	Name      Entry[Text]          `toml:"name" need:"yes" doc:"The name of the rule, in words joined by hyphens."`
	Pattern   Entry[Text]          `toml:"pattern" need:"yes" doc:"The code that is found. Names such as $A stand for any expression."`
	Message   Entry[Text]          `toml:"message" need:"yes" doc:"What is wrong with it, in one clause. $A is what the pattern found."`
	Fix       Entry[Text]          `toml:"fix" doc:"The code to put in its place; $A is what the pattern found."`
	Severity  Entry[Severity]      `toml:"severity" doc:"How grave a finding is." default:"warning"`
	Safe      Entry[bool]          `toml:"safe" doc:"Whether the fix always keeps the meaning, so that check --fix may apply it." default:"false"`
	Help      Entry[Text]          `toml:"help" doc:"What to do about it."`
	Where     Keyed[Entry[Regexp]] `toml:"where" doc:"What the code that a metavariable stands for must match, by metavariable without $, as a regular expression (Go's)." example:"[[rule]]\nname = \"no-search-path\"\npattern = \"import <nixpkgs> $A\"\nmessage = \"the search path is not pinned\"\nfix = \"import inputs.nixpkgs $A\"\nwhere = { A = '^\\{' }"`
	Kind      Keyed[Entry[Text]]   `toml:"kind" doc:"What kind of code a metavariable may stand for: string, list, set, function, call, …"`
	Inside    Entry[Text]          `toml:"inside" doc:"A pattern that something around the code must match."`
	NotInside Entry[Text]          `toml:"not-inside" doc:"A pattern that nothing around the code may match."`
	Files     []Entry[Glob]        `toml:"files" doc:"The files that the rule is for; all below the folder of nixlint.toml unless it is given."`
	Tests     []TestTable          `toml:"test" doc:"Code that nixlint rules test runs the rule on."`

	query *pattern.Query
}

// TestTable is a table [[rule.test]].
type TestTable struct {
	Code    Entry[Text]  `toml:"code" need:"yes" doc:"The code that the rule is run on."`
	Matches Entry[Count] `toml:"matches" doc:"How often the rule finds something in it." example:"[[rule]]\nname = \"no-search-path\"\npattern = \"import <nixpkgs> $A\"\nmessage = \"the search path is not pinned\"\nfix = \"import inputs.nixpkgs $A\"\n[[rule.test]]\ncode = \"import <nixpkgs> { }\"\nmatches = 1\nfixed = \"import inputs.nixpkgs { }\""`
	Fixed   Entry[Text]  `toml:"fixed" doc:"What the fix makes of it, but for the layout."`
}

// UserRule is a rule of the user's, as it stands in a file of settings.
type UserRule struct {
	Name     string
	Pattern  string
	Message  string
	Fix      string // "" if there is none
	Severity diagnostic.Severity
	Safe     bool
	Help     string
	// Query is what the rule looks for, with the fix.
	Query *pattern.Query
	Tests []UserTest
	// File and Pos are the place of the pattern.
	File string
	Pos  Pos
}

// UserTest is code that a rule of the user's is tested on.
type UserTest struct {
	Code    string
	Matches int    // how many findings there must be; -1 for any number
	Fixed   string // what the fix makes of the code; "" if that is not tested
	Pos     Pos    // of the code
}
