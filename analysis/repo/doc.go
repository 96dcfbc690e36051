// Package repo is the model of a configuration repository: its files, the
// hosts its flake builds, the modules each of them imports, and the registries
// through which modules are named.
//
// The model is made by evaluating the repository (package eval), never by
// looking for patterns in the text: a registry is whatever set of paths the
// flake hands to its modules as an argument, a host is whatever reaches
// nixosSystem. What cannot be known without the network or a build is unknown,
// and nothing is concluded from it.
package repo
