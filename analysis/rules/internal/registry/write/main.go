// Command write writes registry.go in the folder of the rules. It does not
// import them, so that it works when the old registry no longer compiles.
package main

import (
	"fmt"
	"os"

	"github.com/nixlint/nixlint/analysis/rules/internal/registry"
)

func main() {
	src, err := registry.Source(".")
	if err == nil {
		err = os.WriteFile("registry.go", src, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "writing the registry:", err)
		os.Exit(1)
	}
}
