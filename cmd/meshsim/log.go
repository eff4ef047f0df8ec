package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"meshsim/scenarios/strict"
)

// startLog makes the logger that the flags ask for. It is called again once
// they are read.
func (a *app) startLog() {
	level := slog.LevelInfo
	switch {
	case a.verbose:
		level = slog.LevelDebug
	case a.quiet:
		level = slog.LevelError
	}
	var h slog.Handler = &plainHandler{w: a.err, level: level}
	if a.logFormat == "json" {
		h = slog.NewJSONHandler(a.err, &slog.HandlerOptions{Level: level, ReplaceAttr: withoutClock})
	}
	a.logger.Store(slog.New(h))
}

// log is the logger of errors, warnings and progress.
func (a *app) log() *slog.Logger { return a.logger.Load() }

// withoutClock leaves the time out, so that the logs of equal runs are equal.
func withoutClock(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) == 0 && attr.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return attr
}

// tell logs an error. What is wrong with a scenario is told line by line as
// editors read it, or in JSON problem by problem.
func (a *app) tell(err error) {
	var f *failure
	if err == nil || errors.As(err, &f) && f.err == nil {
		return
	}
	var problems *strict.Problems
	switch {
	case !errors.As(err, &problems):
		a.log().Error(err.Error())
	case a.logFormat != "json":
		fmt.Fprintln(a.err, problems.Error())
	default:
		for _, p := range problems.List {
			a.log().Error(p.Text, "file", p.Source, "line", p.Line, "column", p.Column, "path", p.Path)
		}
	}
}

// plainHandler writes logs for people: "meshsim: what, key=value".
type plainHandler struct {
	w     io.Writer
	level slog.Level
	attrs []slog.Attr
}

func (h *plainHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

func (h *plainHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString("meshsim: ")
	if r.Level == slog.LevelWarn {
		b.WriteString("warning: ")
	}
	b.WriteString(r.Message)
	add := func(a slog.Attr) bool {
		fmt.Fprintf(&b, ", %s=%v", a.Key, a.Value)
		return true
	}
	for _, a := range h.attrs {
		add(a)
	}
	r.Attrs(add)
	b.WriteByte('\n')
	_, err := io.WriteString(h.w, b.String())
	return err
}

func (h *plainHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &plainHandler{h.w, h.level, append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)}
}

// WithGroup is not used here.
func (h *plainHandler) WithGroup(string) slog.Handler { return h }

// console is standard error. While a progress bar is shown, what is written
// appears above it.
type console struct {
	io.Writer
	mu    sync.Mutex
	above io.Writer
}

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.above != nil {
		return c.above.Write(b)
	}
	return c.Writer.Write(b)
}

// share lets a progress bar say where to write; nil when it is gone.
func (c *console) share(above io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.above = above
}
