// Package symbol tells what a place in a file means in its repository: the variable,
// option, key of a registry, file, argument or function that is named there, where that
// is defined, and where else it is named.
package symbol
