// Package session keeps repositories open while they are edited.
//
// A Folder is one repository. Each change of a file gives it a new Snapshot,
// which never changes: whoever holds one sees one state of all files, however
// long a query takes. Snapshots share the files that are the same.
//
// What a snapshot is asked for is computed once, when it is first asked for. The
// findings of single files take a few milliseconds; the evaluation of the whole
// repository may take longer, so a Folder also tells which snapshot was evaluated
// last: its model answers questions that can wait for no newer one.
package session
