package machine

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
)

// cpu reads the processors. Those that are offline have no topology.
func (r *reader) cpu() {
	c := &r.m.CPU
	r.cpuinfo()
	dir := r.sys.sub("devices/system/cpu")
	if dir == nil {
		return
	}
	defer dir.close()
	for file, to := range map[string]**cpuset.Set{"online": &c.Online, "possible": &c.Possible, "isolated": &c.Isolated} {
		if set, ok := dir.cpus(file); ok {
			*to = &set
		}
	}
	if s, ok := dir.text("smt/active"); ok {
		on := s == "1"
		c.SMT = &on
	}
	types := r.hybrid()
	names, _ := dir.list(".")
	// Threads that share a cache give the same answer; it is read once.
	l3 := map[int]Thread{}
	for _, name := range names {
		number, ok := strings.CutPrefix(name, "cpu")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 0 || strconv.Itoa(n) != number {
			continue
		}
		if len(c.CPUs) >= MaxCPUs || n > cpuset.Max {
			dir.notes.add(dir.path(name), "there are too many processors to read")
			break
		}
		one := dir.sub(name)
		if one == nil {
			continue
		}
		if t, ok := thread(one, n); ok {
			for class, set := range types {
				if set.Has(n) {
					t.Type = class
				}
			}
			if known, ok := l3[n]; ok {
				t.L3, t.L3KiB = known.L3, known.L3KiB
			} else if lastLevelCache(one, &t); t.L3 != nil {
				for sharer := range t.L3.All() {
					l3[sharer] = t
				}
			}
			c.CPUs = append(c.CPUs, t)
		}
		one.close()
	}
	slices.SortFunc(c.CPUs, func(a, b Thread) int { return a.CPU - b.CPU })
}

// thread reads the topology of a processor; ok is false if it is offline.
func thread(dir *tree, n int) (t Thread, ok bool) {
	t.CPU = n
	topology := dir.sub("topology")
	if topology == nil {
		return t, false
	}
	defer topology.close()
	if t.Siblings, ok = topology.cpus("thread_siblings_list"); !ok {
		if t.Siblings, ok = topology.cpus("core_cpus_list"); !ok {
			return t, false
		}
	}
	if !t.Siblings.Has(n) {
		topology.notes.add(topology.path("thread_siblings_list"), fmt.Sprintf("processor %d is not among its own siblings", n))
		return t, false
	}
	for file, to := range map[string]*int{"core_id": &t.Core, "physical_package_id": &t.Package, "die_id": &t.Die} {
		// -1 stands for a number that the firmware does not tell.
		if s, ok := topology.text(file); ok {
			if id, err := strconv.Atoi(s); err == nil {
				*to = max(id, 0)
			}
		}
	}
	return t, true
}

// lastLevelCache finds the cache of level 3. Its index varies.
func lastLevelCache(dir *tree, t *Thread) {
	cache := dir.sub("cache")
	if cache == nil {
		return
	}
	defer cache.close()
	for i := range 8 {
		index := "index" + strconv.Itoa(i)
		level, ok := cache.text(path.Join(index, "level"))
		if !ok {
			return
		}
		if level != "3" {
			continue
		}
		if shared, ok := cache.cpus(path.Join(index, "shared_cpu_list")); ok && shared.Has(t.CPU) {
			t.L3 = &shared
		}
		if size, ok := cache.text(path.Join(index, "size")); ok {
			if n, err := strconv.ParseUint(strings.TrimSuffix(size, "K"), 10, 40); err == nil {
				t.L3KiB = n
			}
		}
		return
	}
}

// hybrid reads which processors are performance and which efficiency cores.
func (r *reader) hybrid() map[string]cpuset.Set {
	types := map[string]cpuset.Set{}
	for _, class := range []string{"core", "atom"} {
		if set, ok := r.sys.cpus("devices/cpu_" + class + "/cpus"); ok {
			types[class] = set
		}
	}
	return types
}

// cpuinfo reads who made the processors, from the first of them.
func (r *reader) cpuinfo() {
	text, _ := r.proc.text("cpuinfo")
	for line := range strings.SplitSeq(text, "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			if strings.TrimSpace(line) == "" && r.m.CPU.Vendor != "" {
				return
			}
			continue
		}
		switch strings.TrimSpace(key) {
		case "vendor_id":
			r.m.CPU.Vendor = strings.TrimSpace(value)
		case "model name":
			r.m.CPU.Model = strings.TrimSpace(value)
		}
	}
}
