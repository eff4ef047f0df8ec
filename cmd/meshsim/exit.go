package main

import (
	"errors"
	"fmt"
)

// Exit codes. Go's own exit code for a panic, 2, never appears: see rescue.
const (
	exitHolds        = 0 // all that the scenario expects holds
	exitViolated     = 1 // a property or a threshold is violated
	exitUsage        = 2 // the command line or a scenario is wrong
	exitInterrupted  = 3 // the user ended it; what had finished is kept
	exitInternal     = 4 // meshsim did not do its work: not deterministic, a panic, a disk that is full
	exitInconclusive = 5 // something could not be decided, which is not a pass
)

// failure is an error with its exit code. Without an error in it, all was said
// already.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return fmt.Sprint(f.err) }

func (f *failure) Unwrap() error { return f.err }

// withCode makes the command end with a code and say nothing more; nil for 0.
func withCode(code int) error {
	if code == exitHolds {
		return nil
	}
	return &failure{code: code}
}

// internal is an error that is not the user's.
func internal(err error) error {
	if err == nil {
		return nil
	}
	return &failure{code: exitInternal, err: err}
}

// usage is an error of the user's, with what to write instead.
func usage(format string, args ...any) error { return fmt.Errorf(format, args...) }

// codeOf is the exit code of an error. What carries none was the user's doing.
func codeOf(err error) int {
	var f *failure
	switch {
	case err == nil:
		return exitHolds
	case errors.As(err, &f):
		return f.code
	}
	return exitUsage
}

// worse is the code that tells more. That the user ended it comes first, and
// what was found before what could not be done.
func worse(a, b int) int {
	for _, code := range []int{exitInterrupted, exitViolated, exitUsage, exitInternal, exitInconclusive} {
		if a == code || b == code {
			return code
		}
	}
	return exitHolds
}
