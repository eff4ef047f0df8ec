package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// rescue turns a panic into exit code 4 and a short message that names the
// place. The stack goes to a file, since it tells the user nothing.
func (a *app) rescue(code *int) {
	p := recover()
	if p == nil {
		return
	}
	a.err.share(nil)
	text, stack := panicked(p)
	a.tellPanic(text, stack, a.commandLine())
	*code = exitInternal
}

// tellPanic says what happened and what to report.
func (a *app) tellPanic(text, stack, command string) {
	a.log().Error("internal error: " + text)
	a.log().Error(fmt.Sprintf("this is a fault in meshsim or in a protocol's code, not in the scenario; please report it with "+
		"the scenario, this command, and %s: %s", a.keepStack(stack), command))
}

// panicked says in a line what happened and where, and returns the stack.
// Panics that come from another goroutine bring theirs after the first line.
func panicked(p any) (text, stack string) {
	text, stack, brought := strings.Cut(fmt.Sprint(p), "\n")
	if !brought {
		stack = string(debug.Stack())
	}
	if where := culprit(stack); where != "" {
		text += ", in " + where
	}
	return text, stack
}

// culprit is the function that panicked, or the protocol's if one is on the
// stack: "gossip.(*node).Receive (mongering.go:88)"; "" if the stack has
// neither.
func culprit(stack string) string {
	first, lines := "", strings.Split(stack, "\n")
	for i := lastPanic(lines) + 1; i+1 < len(lines); i++ {
		name, ours := strings.CutPrefix(lines[i], "meshsim/")
		if !ours {
			continue
		}
		if k := strings.LastIndexByte(name, '('); k > 0 {
			name = name[:k] // without the arguments
		}
		file, _, _ := strings.Cut(filepath.Base(lines[i+1]), " ")
		if protocol, ok := strings.CutPrefix(name, "protocols/"); ok {
			return protocol + " (" + file + ")"
		}
		if first == "" {
			first = name + " (" + file + ")"
		}
	}
	return first
}

// lastPanic is the line below which a panic began: that of the first one, of
// those that were recovered and thrown again.
func lastPanic(lines []string) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "panic(") {
			return i
		}
	}
	return len(lines)
}

// keepStack writes the stack to a file and says where it is.
func (a *app) keepStack(stack string) string {
	f, err := os.CreateTemp("", "meshsim-stack-*.txt")
	if err == nil {
		defer f.Close()
		_, err = fmt.Fprintf(f, "meshsim %s\ncommand: %s\n\n%s\n", versionText(), a.commandLine(), stack)
	}
	if err != nil {
		fmt.Fprintln(a.err, stack)
		return "the stack above"
	}
	return "the file " + f.Name()
}

// commandLine is what was typed.
func (a *app) commandLine() string { return shell(append([]string{"meshsim"}, a.args...)...) }

// shell quotes words for a POSIX shell where need be.
func shell(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsFunc(w, special) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		quoted[i] = w
	}
	return strings.Join(quoted, " ")
}

// special reports whether a shell would take a character for more than itself.
func special(r rune) bool {
	plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=,%+@", r)
	return !plain
}
