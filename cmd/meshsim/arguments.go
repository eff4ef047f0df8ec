package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshsim/scenarios/strict"
)

// none accepts no arguments.
func (a *app) none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no argument, got %q", c.CommandPath(), args[0])
	}
	return nil
}

// unknown refuses what is not a command.
func (a *app) unknown(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	name := args[0]
	if strings.ContainsAny(name, "./") {
		return usage("no command is called %q; to run a scenario write: meshsim run %s", name, shell(name))
	}
	if w := strict.Nearest(name, commandNames(c)); w != "" {
		return usage("no command is called %q; did you mean %s?", name, w)
	}
	return usage("no command is called %q; %s help shows them", name, c.CommandPath())
}

// commandNames are the commands below c, in the order of the help.
func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return names
}

// oneOf accepts exactly one of some words.
func (a *app) oneOf(what string, words []string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) != 1:
			return usage("%s needs %s: %s", c.CommandPath(), what, orList(words))
		case !slices.Contains(words, args[0]):
			return usage("%q is not %s; %s", args[0], what, meant(args[0], words))
		}
		return nil
	}
}

// guess is "; did you mean x?", or "".
func guess(word string, words []string) string {
	if w := strict.Nearest(word, words); w != "" {
		return fmt.Sprintf("; did you mean %s?", w)
	}
	return ""
}

// meant says which word was meant, or which there are.
func meant(word string, words []string) string {
	if w := strict.Nearest(word, words); w != "" {
		return fmt.Sprintf("did you mean %s?", w)
	}
	return "write " + orList(words)
}

// orList is "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// flagError says what is wrong with a flag and what to write.
func flagError(c *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &missing):
		return unknownFlag(c, missing)
	case errors.As(err, &bare):
		f := bare.GetFlag()
		return usage("--%s needs a value%s", f.Name, asIn(f))
	case errors.As(err, &wrong):
		f := wrong.GetFlag()
		why := reason(f, err)
		if !strings.Contains(why, "did you mean") {
			why += asIn(f)
		}
		return usage("--%s: %q %s", f.Name, wrong.GetValue(), why)
	}
	return err
}

// asIn is the part of a flag's help that shows its use, "" if there is none.
func asIn(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	if i := strings.LastIndex(text, ", as in "); i >= 0 {
		text, _, _ = strings.Cut(text[i:], ";")
		return text
	}
	return ""
}

func unknownFlag(c *cobra.Command, missing *pflag.NotExistError) error {
	name := missing.GetSpecifiedName()
	if short := missing.GetSpecifiedShortnames(); short != "" {
		return usage("%s has no flag -%.1s; %s --help shows its flags", c.CommandPath(), name, c.CommandPath())
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if w := strict.Nearest(name, names); w != "" {
		return usage("%s has no flag --%s; did you mean --%s?", c.CommandPath(), name, w)
	}
	return usage("%s has no flag --%s; %s --help shows its flags", c.CommandPath(), name, c.CommandPath())
}

// reason says why a value does not fit its flag.
func reason(f *pflag.Flag, err error) string {
	var number *strconv.NumError
	switch {
	case !errors.As(err, &number):
		return errors.Unwrap(err).Error()
	case f.Value.Type() == "bool":
		return "is neither true nor false"
	case errors.Is(err, strconv.ErrRange):
		return "is too large"
	case strings.HasPrefix(f.Value.Type(), "uint"):
		return "is not a whole number from 0 up"
	}
	return "is not a whole number"
}

// word is a flag that takes one of a few words.
type word struct {
	value *string
	words []string
}

// newWord makes a flag of words, the first of which is the default.
func newWord(value *string, words ...string) *word {
	*value = words[0]
	return &word{value, words}
}

func (w *word) String() string { return *w.value }

// Type is what pflag calls the kind of value.
func (w *word) Type() string { return "word" }

// Set takes one of the words.
func (w *word) Set(s string) error {
	if !slices.Contains(w.words, s) {
		return errors.New("is not " + orList(w.words) + guess(s, w.words))
	}
	*w.value = s
	return nil
}

// completeWords offers the words of a flag.
func completeWords(c *cobra.Command, flag string, words ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("meshsim: " + err.Error()) // there is no such flag
	}
}

// coresFlag is --workers of commands that run scenarios: all cores unless told.
func coresFlag(f *pflag.FlagSet, workers *int, usage string) {
	*workers = runtime.GOMAXPROCS(0)
	f.Var(&count{workers, 1, 64}, "workers", usage)
	f.Lookup("workers").DefValue = "all cores"
}

// count is a flag that takes a whole number within bounds.
type count struct {
	value    *int
	min, max int
}

func (n *count) String() string { return strconv.Itoa(*n.value) }

// Type is what pflag calls the kind of value.
func (n *count) Type() string { return "int" }

// Set takes a number.
func (n *count) Set(s string) error {
	v, err := strconv.Atoi(s)
	if err != nil {
		return err
	}
	if v < n.min || v > n.max {
		return fmt.Errorf("is outside %d to %d", n.min, n.max)
	}
	*n.value = v
	return nil
}
