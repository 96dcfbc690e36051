package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo/repotest"
	"github.com/nixlint/nixlint/analysis/session"
)

// BenchmarkEdit edits a large repository and checks it after each edit: a file that one
// host imports, a module that some import, one that all import, and a comment in that.
func BenchmarkEdit(b *testing.B) {
	for _, size := range []repotest.Size{
		{Hosts: 30, Modules: 800, Each: 100},
		{Hosts: 30, Modules: 800, Each: 780, Rich: true},
	} {
		b.Run(fmt.Sprintf("each=%d", size.Each), func(b *testing.B) {
			root := b.TempDir()
			if err := repotest.WriteLarge(root, size); err != nil {
				b.Fatal(err)
			}
			f, err := session.Open(root, nil, session.Options{})
			if err != nil {
				b.Fatal(err)
			}
			check := func(b *testing.B) {
				if _, err := f.Current().Check(context.Background(), nil); err != nil {
					b.Fatal(err)
				}
			}
			check(b)
			for _, edit := range []struct{ what, file, old, new string }{
				{"host", "hosts/host07/default.nix", "systemd-boot.enable = true", "systemd-boot.enable = false"},
				{"module", "modules/nixos/desktop/m5.nix", "{\n    enable", "{\n    more = lib.mkEnableOption \"more\";\n    enable"},
				{"base", "modules/nixos/system/base.nix", "enable = lib.mk", "more.enable = lib.mk"},
				{"comment", "modules/nixos/system/base.nix", "{ lib", "# A comment.\n{ lib"},
			} {
				file := f.Current().File(edit.file)
				if file == nil || !strings.Contains(file.Text, edit.old) {
					b.Fatalf("%s is not as it should be", edit.file)
				}
				text := file.Text
				b.Run(edit.what, func(b *testing.B) {
					b.ReportAllocs()
					edited := false
					for b.Loop() {
						next := text
						if edited = !edited; edited {
							next = strings.Replace(text, edit.old, edit.new, 1)
						}
						if err := f.Edit(edit.file, next); err != nil {
							b.Fatal(err)
						}
						check(b)
					}
					if err := f.Edit(edit.file, text); err != nil {
						b.Fatal(err)
					}
					check(b)
				})
			}
		})
	}
}
