// Package flake knows the files and names by which flakes refer to each other:
// the lock file, flake references, and where on this machine the source of a
// locked input lies. It evaluates nothing and reads nothing but flake.lock and
// the names of folders.
//
// The format of flake.lock and of references is described in the manual of
// Nix, under `nix flake`. How the path of a source in the store follows from
// its hash is described there under "Store Path Specification".
package flake
