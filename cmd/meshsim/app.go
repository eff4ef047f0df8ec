package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// app is what the commands share: the world as they see it, and the flags that
// all of them have.
type app struct {
	in       io.Reader
	out      *results
	err      *console
	getenv   func(string) string
	now      func() time.Time // for progress and provenance; no result depends on it
	terminal func(stream any) bool
	notify   func(chan<- os.Signal) // tells of requests to end
	quit     func(code int)         // ends the process at once

	args      []string // as typed
	color     string
	logFormat string
	quiet     bool
	verbose   bool
	logger    atomic.Pointer[slog.Logger]
}

// newApp is the app of a process.
func newApp() *app {
	return &app{
		in:       os.Stdin,
		out:      &results{Writer: os.Stdout},
		err:      &console{Writer: os.Stderr},
		getenv:   os.Getenv,
		now:      time.Now,
		terminal: isTerminal,
		notify:   func(c chan<- os.Signal) { signal.Notify(c, os.Interrupt, syscall.SIGTERM) },
		quit:     os.Exit,
	}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// main runs the command that args name and returns the exit code.
func (a *app) main(args []string) int { return a.execute(a.root(), args) }

func (a *app) execute(root *cobra.Command, args []string) (code int) {
	a.args = args
	a.startLog()
	defer a.rescue(&code)
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	ctx, stop := a.interruptible(context.Background())
	defer stop()
	return a.exit(root.ExecuteContext(ctx))
}

// exit tells what err says and returns the exit code for it.
func (a *app) exit(err error) int {
	a.startLog() // flags before a bad one count
	if a.out.err != nil && errors.Is(err, a.out.err) {
		err = withCode(exitInternal) // told below
	}
	code := codeOf(err)
	a.tell(err)
	if a.out.err != nil && code != exitUsage {
		a.log().Error(fmt.Sprintf("standard output could not be written: %v", a.out.err))
		code = worse(code, exitInternal)
	}
	return code
}

// print writes a result. Its error is told at the end; see exit.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// colored reports whether standard output shall have colours.
func (a *app) colored() bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && a.terminal(a.out.Writer)
}

// ascii reports whether the user's locale has no other characters.
func (a *app) ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := a.getenv(name); v != "" {
			return v == "C" || v == "POSIX"
		}
	}
	return false
}

// results is standard output. It keeps the first error.
type results struct {
	io.Writer
	err error
}

func (r *results) Write(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.Writer.Write(b)
	r.err = err
	return n, err
}
