package machine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Snapshots are written as they were read, byte for byte.
func TestSnapshotRoundTrip(t *testing.T) {
	for _, name := range fixtures {
		text, err := os.ReadFile("../../testdata/machines/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		diff(t, encode(t, load(t, name)), string(text))
	}
}

func TestSchema(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal([]byte(machine.Schema), &schema); err != nil {
		t.Fatal(err)
	}
	rich := load(t, "rack")
	rich.Memory.NodesKiB = machine.Numbered[uint64]{0: 1, 1: 2}
	rich.Bridges = map[string][]string{"br0": {"ens3f0"}}
	rich.PCI[0].BARs = []machine.BAR{{Index: 1, MiB: 16384}}
	g := rich.IOMMU.Groups[0]
	g.Reserved = []machine.Region{{Start: "0x0", End: "0x1", Type: "direct"}}
	rich.IOMMU.Groups[0] = g
	rich.CPU.CPUs[0].L3KiB = 1024
	texts := []string{encode(t, rich), encode(t, &machine.Machine{PCI: []machine.Device{}})}
	for _, name := range fixtures {
		texts = append(texts, encode(t, load(t, name)))
	}
	for _, text := range texts {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		for _, problem := range conform(schema, schema, v, "$") {
			t.Error(problem)
		}
	}
	for _, bad := range []string{
		`{}`, `{"schema":"nixlint.host-snapshot/2","pci":[]}`, `{"schema":"nixlint.host-snapshot/1","pci":[{}]}`,
		`{"schema":"nixlint.host-snapshot/1","pci":[],"cpu":{"online":"0..3"}}`,
	} {
		var v any
		if err := json.Unmarshal([]byte(bad), &v); err != nil {
			t.Fatal(err)
		}
		if len(conform(schema, schema, v, "$")) == 0 {
			t.Errorf("the schema accepts %s", bad)
		}
	}
}

// conform checks a value against the part of JSON schema that the schema of
// snapshots uses. Keys that the schema does not describe are problems, so that
// it stays complete.
func conform(root, schema map[string]any, v any, at string) (problems []string) {
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/$defs/")
		return conform(root, root["$defs"].(map[string]any)[name].(map[string]any), v, at)
	}
	types, _ := schema["type"].([]any)
	if s, ok := schema["type"].(string); ok {
		types = []any{s}
	}
	kind := map[bool]string{}
	switch v := v.(type) {
	case nil:
		kind[true] = "null"
	case bool:
		kind[true] = "boolean"
	case string:
		kind[true] = "string"
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			problems = append(problems, fmt.Sprintf("%s: %q does not match %s", at, v, p))
		}
	case float64:
		kind[true] = "integer"
		lowest, hasLowest := schema["minimum"].(float64)
		highest, hasHighest := schema["maximum"].(float64)
		if hasLowest && v < lowest || hasHighest && v > highest {
			problems = append(problems, fmt.Sprintf("%s: %v is out of bounds", at, v))
		}
	case []any:
		kind[true] = "array"
		items, _ := schema["items"].(map[string]any)
		for i, x := range v {
			problems = append(problems, conform(root, items, x, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		kind[true] = "object"
		properties, _ := schema["properties"].(map[string]any)
		others, _ := schema["additionalProperties"].(map[string]any)
		for k, x := range v {
			switch p, ok := properties[k].(map[string]any); {
			case ok:
				problems = append(problems, conform(root, p, x, at+"."+k)...)
			case others != nil:
				problems = append(problems, conform(root, others, x, at+"."+k)...)
			default:
				problems = append(problems, fmt.Sprintf("%s.%s is not described", at, k))
			}
		}
		required, _ := schema["required"].([]any)
		for _, k := range required {
			if _, ok := v[k.(string)]; !ok {
				problems = append(problems, fmt.Sprintf("%s.%s is missing", at, k))
			}
		}
	}
	if !slices.Contains(types, any(kind[true])) {
		problems = append(problems, fmt.Sprintf("%s is of type %s", at, kind[true]))
	}
	return problems
}

func TestDecodeErrors(t *testing.T) {
	const head = `{"schema":"nixlint.host-snapshot/1","pci":`
	device := func(a string) string {
		return `{"address":"` + a + `","vendor":"10de","device":"2c05","class":"030000"}`
	}
	for in, want := range map[string]string{
		``:                                     "the snapshot is not JSON: unexpected end of JSON input",
		`[]`:                                   "the snapshot is not JSON: json: cannot unmarshal array into Go value of type struct { Schema string \"json:\\\"schema\\\"\" }",
		`{}`:                                   "this is no snapshot of a host: `schema` is not `nixlint.host-snapshot/1`",
		`{"schema":"nixlint.host-snapshot/x"}`: "`nixlint.host-snapshot/x` is no version of a snapshot",
		`{"schema":"nixlint.host-snapshot/2"}`: "the snapshot has version 2 and was made by a newer nixlint: this one reads version 1",
		head + `[{"address":"1:2"}]}`:          "the snapshot is malformed: `1:2` is not a PCI address: write it as `0000:01:00.0`",
		head + `[` + device("01:00.0") + `]}`:  "the snapshot is malformed: address `01:00.0` has no domain: write `0000:01:00.0`",
		head + `[` + device("0000:01:00.0") + `,` + device("0000:01:00.0") + `]}`: "the snapshot is malformed: two devices have the address 0000:01:00.0",
		head + `[],"cpu":{"cpus":[{"cpu":1,"siblings":"0"}]}}`:                    "the snapshot is malformed: processor 1 is not among its own siblings",
		head + `[],"cpu":{"online":"0-99999999"}}`:                                "the snapshot is malformed: processor 99999999 is too high: no machine has more than 16384",
	} {
		if _, err := machine.Decode(strings.NewReader(in)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", in, err, want)
		}
	}
	if _, err := machine.Decode(strings.NewReader(strings.Repeat(" ", machine.MaxSnapshot+1))); err == nil || err.Error() != "the snapshot is larger than 4 MiB" {
		t.Error(err)
	}
	many := make([]string, machine.MaxDevices+1)
	for i := range many {
		many[i] = device(fmt.Sprintf("%04x:%02x:00.0", i/256, i%256))
	}
	if _, err := machine.Decode(strings.NewReader(head + "[" + strings.Join(many, ",") + "]}")); err == nil {
		t.Error("too many devices are no error")
	}
}

// Unknown keys are for readers of the future.
func TestDecodeIgnoresUnknown(t *testing.T) {
	m, err := machine.Decode(strings.NewReader(`{"schema":"nixlint.host-snapshot/1","weather":"fine","pci":[],"cpu":{"isolated":""},"iommu":{"acpi":null}}`))
	if err != nil {
		t.Fatal(err)
	}
	if m.CPU.Isolated == nil || m.CPU.Online != nil || !m.IOMMU.ACPI.Known || m.IOMMU.Units != nil {
		t.Errorf("%+v", m)
	}
}

// TestAnonymous checks that nothing personal gets into a snapshot.
func TestAnonymous(t *testing.T) {
	m := load(t, "toaster")
	m.Cmdline = append(m.Cmdline, "root=UUID=secret", "ip=10.0.0.1::secret", "luks.uuid=secret", "rd.secret", "vfio-pci.ids=10de:2c05")
	nic := m.Find(addr(t, "0000:08:00.0"))
	nic.Net = []string{"eno1", "enx0242ac110002", "secret0242ac110002"}
	m.Bridges = map[string][]string{"br0": {"eno1", "enx0242ac110002"}, "br-0242ac110002": {}}
	text := encode(t, m)
	for _, leak := range []string{"secret", "0242ac110002", "10.0.0.1", "UUID"} {
		if strings.Contains(text, leak) {
			t.Errorf("the snapshot has %q", leak)
		}
	}
	for _, kept := range []string{"vfio-pci.ids=10de:2c05", "iommu=pt", `"br0"`, "eno1"} {
		if !strings.Contains(text, kept) {
			t.Errorf("the snapshot lost %q", kept)
		}
	}
	if len(nic.Net) != 3 {
		t.Error("writing a snapshot changed the machine")
	}
	m.Redact()
	text = encode(t, m)
	for _, leak := range []string{"eno1", "8867", "toaster", "br0"} {
		if strings.Contains(text, leak) {
			t.Errorf("the redacted snapshot has %q", leak)
		}
	}
	// What the reader is shown and must not take over.
	read := encode(t, read(t, build(t, load(t, "toaster"))))
	for _, leak := range []string{"02:00:00", "secret", "serial", "keyboard"} {
		if strings.Contains(read, leak) {
			t.Errorf("the snapshot of a tree has %q", leak)
		}
	}
}

func TestPartition(t *testing.T) {
	a, b := load(t, "laptop"), load(t, "laptop")
	renumbered := machine.Numbered[machine.Group]{}
	for n, g := range b.IOMMU.Groups {
		renumbered[100-n] = g
	}
	b.IOMMU.Groups = renumbered
	if fmt.Sprint(a.Partition()) != fmt.Sprint(b.Partition()) {
		t.Error("the partition depends on numbers")
	}
	if got := a.Partition()[1]; !slices.Equal(got, []pci.Addr{addr(t, "0000:00:01.0"), addr(t, "0000:01:00.0"), addr(t, "0000:01:00.1")}) {
		t.Error(got)
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range fixtures {
		text, err := os.ReadFile("../../testdata/machines/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := machine.Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := machine.Decode(strings.NewReader(encode(t, m)))
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		if encode(t, again) != encode(t, m) {
			t.Fatal("encoding twice differs")
		}
	})
}
