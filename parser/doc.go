// Package parser turns Nix source text into a lossless, tolerant syntax tree.
//
// # Pipeline
//
// A hand-written lexer cuts the text into significant tokens; everything
// between two tokens is trivia (white space, comments, merge-conflict
// leftovers) and is found again on demand from the gap, so that it costs
// nothing until somebody asks. A recursive-descent parser with operator
// precedence builds the tree over the tokens. A last pass makes the semantic
// checks that Nix itself makes while parsing (duplicate attributes and
// formals).
//
// # The tree
//
// A [Tree] is three flat slices without pointers (tokens, nodes and child
// lists) beside the source text. A [Node] is a tree and an index; a [Token]
// likewise. Typed views such as [Lambda] or [Binding] wrap a Node of the
// matching [Kind] and name its parts.
//
// Any input gives a tree. What could not be understood is covered by nodes of
// kind [KindError]; an expression that should be there and is not is a node of
// kind [KindMissing] without tokens. Every byte of the source belongs to
// exactly one token or one piece of trivia, so that concatenating them gives
// the source back.
//
// # Positions
//
// All positions are byte offsets, held in half-open ranges ([Span]). Lines,
// columns and UTF-16 offsets are derived by [Lines] and by nothing else.
//
// # The language
//
// The grammar is the one of Nix 2.36 (src/libexpr/lexer.l and parser.y), with
// the pipe operators always accepted.
package parser
