package main

import (
	"context"
	"os"
	"os/signal"
)

// errInterrupted ends a command that the user interrupts. That was told when it
// happened.
var errInterrupted = &failure{code: exitInterrupted}

// interruptible returns a context that ends when the user asks for it (Ctrl-C,
// SIGTERM). Whoever asks twice gets the process ended at once.
func (a *app) interruptible(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	a.notify(signals)
	go func() {
		if !wait(signals, done) {
			return
		}
		a.log().Warn("interrupted; coming to an end, once more to quit at once")
		cancel(errInterrupted)
		if wait(signals, done) {
			a.quit(exitInterrupted)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// wait reports whether a signal came before done.
func wait(signals <-chan os.Signal, done <-chan struct{}) bool {
	select {
	case <-signals:
		return true
	case <-done:
		return false
	}
}

// interrupted reports whether the user asked to end.
func interrupted(ctx context.Context) bool { return context.Cause(ctx) == errInterrupted }
