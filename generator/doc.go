// Package generator scaffolds hosts, users, modules and virtual machines the way the repository
// at hand does it. It reads the conventions from the model of the repository:
// where files of a kind lie, how a registry is written, how hosts are built,
// which namespace options have.
//
// Nothing is written here. A scaffold is a Plan: new files, and edits of files
// that exist, for the command line to write and for editors to apply.
//
// Edits go through the syntax tree: an entry is put beside those of its kind,
// in their style and, if they are sorted, in order. Comments and everything
// else stay as they are; what is touched is laid out by nixfmt.
package generator
