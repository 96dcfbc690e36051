// Package scope resolves the names of one file: which definition each use of a
// name means, and which uses each definition has.
//
// Nix binds names statically, so this is exact. A name means the innermost of
// the enclosing `let`, `rec` set and function that defines it; else the global
// of that name, such as `map` or `builtins`; else, inside a `with`, whatever
// the namespaces hold, which is not known here; else nothing, and Nix refuses
// the file.
//
// [Resolve] makes one pass over the tree and fills a few flat slices that are
// addressed by index. The slices hold no pointers.
package scope
