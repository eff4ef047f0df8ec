package strict

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestProblems(t *testing.T) {
	const file = "testdata/problems.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), "=== ")
	out := head
	for c := range strings.SplitSeq(rest, "\n=== ") {
		name, c, _ := strings.Cut(c, "\n")
		input, _, ok := strings.Cut(c+"\n", "----\n")
		if !ok {
			t.Fatalf("case %q has no line ----", name)
		}
		_, err := read(input)
		said := "nothing\n"
		if err != nil {
			said = err.Error() + "\n"
		}
		out += fmt.Sprintf("=== %s\n%s----\n%s\n", name, input, said)
	}
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if out != string(text) {
		t.Errorf("what is said has changed; see the difference after REWRITE=1. Now:\n%s", out)
	}
}

func TestProblemsOfOverrides(t *testing.T) {
	_, err := read("name: x\nlink: {loss: 1%}\nevents: [{crash: a}]", "run.duration=20", "run.sed=1", "nonsense", "events[3].at=1s",
		"link.loss.p.q=3", "words=[red", "run.seed=", "name=a: b: c", "words.red=1")
	const want = `--set 1: run.duration: "20" has no unit; write 20ms or 20s
       | run.duration=20
       |              ^^
--set 2: run.sed: unknown field "sed"; did you mean "seed"?
       | run.sed=1
       | ^^^^^^^
--set 3: expected path=value, as in run.seed=7
       | nonsense
       | ^^^^^^^^
--set 4: events: has no entry "3"; it has 1, counted from 0
       | events[3].at=1s
       | ^^^^^^^^^^^^
--set 5: link.loss: is "1%", not a block of fields; set it as a whole: link.loss={…}
       | link.loss.p.q=3
       | ^^^^^^^^^^^^^
--set 6: words: a list opened with [ goes on here without ',' or ']'
       | words=[red
       |        ^
--set 7: run.seed: no value; write run.seed=…
       | run.seed=
       | ^^^^^^^^
--set 8: name: a ':' does not fit here; check the indentation, or put a text that contains ': ' in quotes
       | name=a: b: c
       |          ^
--set 9: words: expected a list, got a block of fields; write [ … ] or lines that begin with '- '
       | words.red=1
       | ^^^^^^^^^`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// hostile inputs are refused, or read, quickly and in bounded memory.
func TestHostileInputs(t *testing.T) {
	laughs := "name: x\na: &a [1,1,1,1,1,1,1,1,1]\n"
	for c := 'b'; c <= 'z'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	repeat := func(s string) string { return "name: x\nwords: " + strings.Repeat(s, (1<<20-20)/len(s)) }
	lines := func(s string) string { return "name: x\n" + strings.Repeat(s+"\n", (1<<20-20)/(len(s)+1)) }
	for name, c := range map[string]struct{ text, want string }{
		"billion laughs":       {laughs, "values after anchors are expanded"},
		"deep brackets":        {"name: x\nwords: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "levels deep"},
		"deeper brackets":      {repeat("["), "nested too deeply"},
		"deep braces":          {repeat("{a: "), "nested too deeply"},
		"deep dashes":          {"name: x\nwords:\n  " + strings.Repeat("- ", 100_000), "nested too deeply"},
		"question marks":       {repeat("? "), ""},
		"unknown fields":       {lines("field: 1"), "is set twice"},
		"open quote":           {"name: \"" + strings.Repeat("x\n", 400_000), "not closed"},
		"late bracket":         {lines("# comment") + "words: [red", "goes on here"},
		"long key":             {"name: x\n" + strings.Repeat("k", 900) + ": 1", "unknown field"},
		"long value":           {"name: x\nenabled: " + strings.Repeat("v", 900_000), "expected true or false"},
		"long line":            {"name: x\nwords: [" + strings.Repeat("red, ", 100_000) + "gren]", `did you mean "green"`},
		"comments":             {lines("  # c\n- # d"), ""},
		"too large":            {strings.Repeat("#", 1<<20+1), "larger than 1 MiB"},
		"utf-16":               {"\xff\xfen\x00a\x00", "UTF-16"},
		"latin-1":              {"name: caf\xe9", "f.yaml:1:10: this is not UTF-8"},
		"nul":                  {"name: x\nrun: \x00", "f.yaml:2:6: a control character"},
		"escape":               {"name: x\nwo\x1b[31m: 1", "control character"},
		"byte order mark":      {"\xef\xbb\xbfnmae: x", `f.yaml:1:1: nmae: unknown field "nmae"; did you mean "name"?`},
		"windows line ends":    {"name: x\r\nrun: {seed: y}\r\n", `f.yaml:2:13: run.seed: expected a whole number, got "y"`},
		"carriage returns":     {"name: x\rrun: {seed: y}", `run.seed: expected a whole number`},
		"right to left":        {"name: x\n\u202ekey: 1", "unknown field"},
		"anchors in anchors":   {"name: x\nwords: &a [&b [*b]]", "contains itself"},
		"recursion by a merge": {"name: x\nrun: &r {<<: *r}", ""},
	} {
		start := time.Now()
		_, err := read(c.text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if took > time.Second {
			t.Logf("%s took %v", name, took)
		}
		switch {
		case err == nil && c.want != "":
			t.Errorf("%s was accepted", name)
		case err != nil && !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: got %.300s, want %q", name, err, c.want)
		case err != nil && (len(err.Error()) > 100_000 || strings.ContainsAny(err.Error(), "\x1b\u202e")):
			t.Errorf("%s: message of %d bytes", name, len(err.Error()))
		}
	}
}

func TestManyProblemsAreCounted(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("name: x\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "field%d: 1\n", i)
	}
	_, err := read(b.String())
	if ps := err.(*Problems); ps.Count != 1000 || len(ps.List) != maxProblems || !strings.HasSuffix(ps.Error(), "and 900 more") {
		t.Errorf("%d problems, %d kept", ps.Count, len(ps.List))
	}
}
