// Package rename computes the edits by which a repository follows a change of names: files
// and folders that move, hosts and users, options, keys of registries and variables that are
// called otherwise.
package rename
