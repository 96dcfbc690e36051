package man_test

import (
	"testing"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/cmd/nixlint/internal/man"
)

// TestPage checks a whole page, and that what looks like a request of roff is
// none.
func TestPage(t *testing.T) {
	root := &cobra.Command{Use: "tool", Short: "Do things"}
	root.PersistentFlags().String("color", "auto", "colour output")
	sub := &cobra.Command{
		Use: "do [PATH…]", Short: "Do one thing", Run: func(*cobra.Command, []string) {},
		Long:    "Does it\n.now with a \\ and\n'quotes'.\n\n  indented -x\n\nEnd.",
		Example: "  tool do .\n",
	}
	sub.Flags().IntP("jobs", "j", 4, "so `many` at once")
	sub.Flags().Bool("old", false, "gone")
	if err := sub.Flags().MarkHidden("old"); err != nil {
		t.Fatal(err)
	}
	root.AddCommand(sub, &cobra.Command{Use: "secret", Hidden: true, Run: func(*cobra.Command, []string) {}})
	pages := man.Pages(root, "1.0")
	if len(pages) != 2 {
		t.Errorf("%d pages, want those of tool and tool-do", len(pages))
	}
	const want = `.TH "TOOL\-DO" 1 "" "nixlint 1.0"
.SH NAME
tool\-do \- Do one thing
.SH SYNOPSIS
.B tool do [PATH\[u2026]] [flags]
.SH DESCRIPTION
Does it
\&.now with a \e and
\&'quotes'.
.PP
.nf
  indented \-x
.fi
.PP
End.
.SH OPTIONS
.TP
\fB\-j\fR, \fB\-\-jobs\fR \fIMANY\fR
so many at once (default 4)
.SH GLOBAL OPTIONS
.TP
\fB\-\-color\fR \fISTRING\fR
colour output (default auto)
.SH EXAMPLES
.nf
  tool do .
.fi
.SH SEE ALSO
.BR tool (1)
`
	if got := pages["tool-do.1"]; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
