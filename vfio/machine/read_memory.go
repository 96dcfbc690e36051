package machine

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
)

// memory reads how much memory there is, in which nodes, and how much of it is
// set aside as huge pages.
func (r *reader) memory() {
	if text, ok := r.proc.text("meminfo"); ok {
		r.m.Memory.TotalKiB = meminfo(text, "MemTotal:")
	}
	if nodes := r.sys.sub("devices/system/node"); nodes != nil {
		names, _ := nodes.list(".")
		for _, name := range names {
			number, ok := strings.CutPrefix(name, "node")
			n, err := strconv.Atoi(number)
			if !ok || err != nil || n < 0 {
				continue
			}
			if set, ok := nodes.cpus(name + "/cpulist"); ok {
				if r.m.NUMA == nil {
					r.m.NUMA = Numbered[cpuset.Set]{}
				}
				r.m.NUMA[n] = set
			}
			if text, ok := nodes.text(name + "/meminfo"); ok {
				if kib := meminfo(text, "MemTotal:"); kib > 0 {
					if r.m.Memory.NodesKiB == nil {
						r.m.Memory.NodesKiB = Numbered[uint64]{}
					}
					r.m.Memory.NodesKiB[n] = kib
				}
			}
		}
		nodes.close()
	}
	if pools := r.sys.sub("kernel/mm/hugepages"); pools != nil {
		r.m.Hugepages = map[string]Hugepages{}
		names, _ := pools.list(".")
		for _, name := range names {
			size, ok := strings.CutPrefix(name, "hugepages-")
			if !ok {
				continue
			}
			count, ok1 := pools.number(name+"/nr_hugepages", 10, 64)
			free, ok2 := pools.number(name+"/free_hugepages", 10, 64)
			if ok1 && ok2 {
				r.m.Hugepages[size] = Hugepages{count, free}
			}
		}
		pools.close()
	}
}

// meminfo returns a value in KiB. Lines of nodes begin with `Node 0`.
func meminfo(text, key string) uint64 {
	_, rest, ok := strings.Cut(text, key)
	if !ok {
		return 0
	}
	line, _, _ := strings.Cut(rest, "\n")
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.ParseUint(fields[0], 10, 64)
	return n
}
