package config

import (
	"fmt"
	"strings"
)

// Error is one mistake in a file of settings.
type Error struct {
	File string // as it was given, or absolute
	Pos
	Message string
}

// Error returns `file:line:column: message`.
func (e *Error) Error() string {
	if !e.IsValid() {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are the mistakes in a file of settings, in source order.
type Errors []*Error

// Error returns the messages, one on a line.
func (es Errors) Error() string {
	var lines []string
	for _, e := range es {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}
