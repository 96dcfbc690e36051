// Package eval evaluates Nix code as far as it can be known without running
// Nix, and says unknown for the rest.
//
// # Evaluation
//
// It is Nix's own: lazy, each value computed at most once, with all of the
// language and of its builtins that is pure or reads files. An [Evaluator]
// reads files through a [Source] and evaluates one with Import, or a text with
// Eval. Each file is parsed once; each expression is compiled when it is first
// needed: its variables are resolved to places in the chain of scopes.
//
//	ev := eval.New(source, eval.DefaultLimits)
//	v := ev.Import("/repo/flake.nix", eval.Place{})
//
// Nothing is written, fetched, built or printed.
//
// # Values
//
// A [Value] is one of [Null], [Bool], [Int], [Float], [String], [Path], [*List],
// [*Attrs], [*Lambda], [*Native], or one of three that Nix has not: [*Text],
// [*Unknown] and [*Error]. Elements and attributes are each a [Thunk], which
// Force evaluates. Call and Apply call functions, Select selects attributes.
//
// A caller supplies what no file says by native values: [Done] makes a thunk of
// a value, [Later] one of a Go function, and a [Native] is a function written in
// Go, which gets its arguments unevaluated and asks for them by the Want
// methods. [NewAttrs] and [NewList] make sets and lists. Provide sets builtins
// such as currentSystem.
//
// # Unknown as a value
//
// What depends on the network, on a build or on the machine is an [*Unknown]. It
// has a reason and, if it stands for something with a name, that name:
// selecting `a.b` from the unknown `inputs` gives one called inputs.a.b, and
// calling that gives one that holds the function and its arguments, by which a
// caller can recognise inputs.nixpkgs.lib.nixosSystem and its like.
//
// Unknowns spread no further than they must. A string may have unknown segments
// ([Text]), a list unknown elements (List.More) and a set unknown attributes
// (Attrs.Rest); what is known of each is still found, compared and told to be
// missing. What would depend on an unknown condition remembers what it may be
// (Unknown.Maybe). So a definition under a condition is not lost, only
// uncertain.
//
// # Errors
//
// An [*Error] is a value too: an attribute that fails does not keep others from
// being evaluated. It is what Nix would certainly meet if it needed the value.
// Errors carry a place; those about missing attributes, also the set and name.
//
// # Places
//
// A [Place] is a node of a file. A thunk made from code has that of its
// expression (Thunk.At), an attribute that of its name where it is defined
// (Attr.At), a function that of its expression. A thunk that only refers to
// another, such as `modules.gpu` in a list, leads to it: Thunk.Origin is the
// value's own expression, in a registry perhaps.
//
// # Limits
//
// Evaluation is bounded in steps, depth and memory ([Limits]). What exceeds them
// is unknown and is not kept, so that another query may do better with a fresh
// budget. [Evaluator.Exceeded] says whether that happened. Infinite recursion
// is an error where the value needs itself.
package eval
