// Package pattern finds code by example: a pattern is Nix with metavariables
// in it, compared with the syntax tree and not with the text.
//
//	import <nixpkgs> $ARGS             a call
//	services.$NAME.enable = true;      a binding: a pattern that ends in `;`
//	inherit (lib) $$$NAMES;            an inherit
//	pkgs ? import <nixpkgs> { },       a formal: a pattern that ends in `,`
//	{ enable = true; $$$REST }         a set
//	"${$$$BEFORE}/bin/${$PROGRAM}"     a string, of which the end is known
//
// `$A` is any one expression, attribute name, parameter or formal; where a
// name stands twice, both are the same but for comments and layout. `$_` is
// anything and is not remembered. `$$$XS` is any number of list elements,
// arguments, bindings, formals, names of an attribute path or of an inherit,
// or, as an interpolation of its own, parts of a string or a path. In the text
// of strings `$` has no meaning, so that shell variables can be looked for.
//
// What is the same to Nix is the same here: comments, layout and parentheses,
// the order of bindings and of formals, `a."b"` and `a.b`, `"x"` and `”x”`.
// A call is found also as the beginning of a longer one, `f $A` in `f a b`, and
// a selection as the beginning of a longer one. A binding is found by the last
// names of its path, whether they are joined by dots or come from sets around
// it: `services.$N.enable = true;` finds `services.x = { enable = true; };`.
// Inside of a set that stands in a pattern, paths are compared as written.
//
// A pattern does not walk over trees: [Pattern.Kinds] says at which nodes a
// match can start, and [Pattern.Match] looks at one of them.
package pattern
