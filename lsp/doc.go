// Package lsp is nixlint's language server: it speaks the Language Server Protocol
// 3.18 and translates its requests to queries of the packages below. Nothing of
// the protocol is known outside of this package.
//
// # Order
//
// Messages are taken up in the order in which they come. What changes documents is
// done before the next message is read. A query gets the state of its repository at
// that moment, a session.Snapshot, and then runs beside what follows, so that it
// neither waits for others nor sees half of a change.
//
// # Files
//
// server.go takes messages up, documents.go and workspace.go keep what the editor has
// open, mapper.go turns positions into offsets and back, diagnostics.go tells
// findings. Every other file is one feature.
package lsp
