package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// systems is the area of what machines there are. Which systems belong to a
// list has changed from release to release; those named here have been in it
// since 22.05, and others may be.
var systems = area{
	apart: true,
	values: map[string]eval.Value{
		"flakeExposed": systemList("aarch64-darwin", "aarch64-linux", "armv6l-linux", "armv7l-linux", "i686-linux",
			"powerpc64le-linux", "riscv64-linux", "x86_64-darwin", "x86_64-linux"),
		"doubles": platforms,
	},
}

// platforms are the lists of systems that packages are said to run on.
var platforms = func() *eval.Attrs {
	darwin := []string{"aarch64-darwin", "x86_64-darwin"}
	linux := []string{
		"aarch64-linux", "armv6l-linux", "armv7l-linux", "i686-linux", "powerpc64le-linux", "riscv32-linux", "riscv64-linux",
		"s390x-linux", "x86_64-linux",
	}
	unix := append(append([]string{}, darwin...), linux...)
	a := eval.NewAttrs(map[string]eval.Value{
		"all": systemList(unix...), "unix": systemList(unix...), "darwin": systemList(darwin...), "linux": systemList(linux...),
		"aarch64": systemList("aarch64-darwin", "aarch64-linux"), "x86_64": systemList("x86_64-darwin", "x86_64-linux"),
		"none": eval.NewList(),
	})
	a.Rest = eval.NewUnknown(notModelled, "lib", "platforms")
	return a
}()

func systemList(names ...string) *eval.List {
	values := make([]eval.Value, len(names))
	for i, n := range names {
		values[i] = eval.String(n)
	}
	l := eval.NewList(values...)
	l.More = eval.NewUnknown("the list of systems differs from release to release")
	return l
}
