// Package manual describes the builtins of Nix and the functions of nixpkgs'
// library, for hover, completion and signature help: how each is called, of what
// type it is, and what it does in a sentence or two.
//
// The descriptions are nixlint's own. They are in text, one file for each area. An
// entry is a line with the name, the names of the parameters and the type, and
// indented lines that say what it does:
//
//	genList function count :: (int -> a) -> int -> [a]
//	    A list of the given length, whose elements are made of their indices.
package manual
