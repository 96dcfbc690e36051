// Package module is nixpkgs' module system over values that are only partly
// known: it collects modules, declares their options, merges what they define,
// and makes of both the lazy fixed point that modules get as `config`.
//
// It follows lib/modules.nix, lib/options.nix and lib/types.nix of nixpkgs as of
// June 2026, in the order of definitions too. What it adds:
//
//   - A definition under a condition that is not known is uncertain. An option
//     with such definitions has a value that may be one of several, or a list or
//     set with a part that may be there.
//   - A module that is not at hand, such as one of a flake's inputs, is
//     remembered ([Evaluation.Unknown]). Options that it may declare are open:
//     what is defined for them is merged by its shape, and is never complete.
//   - What Nix would refuse does not end the evaluation. It becomes an error
//     value where it is, and a [Problem] to report.
package module
