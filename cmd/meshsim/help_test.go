package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"meshsim/scenarios"
)

// The help of every command and topic is pinned, and as complete as that of the
// others: a sentence, examples that name the command, and a place in the list.
func TestHelp(t *testing.T) {
	a, out, _ := testApp(t)
	visit(a.root(), func(c *cobra.Command) {
		if c.Name() == "help" {
			return
		}
		out.Reset()
		words := strings.Fields(c.CommandPath())[1:]
		if code := a.main(append([]string{"help"}, words...)); code != exitHolds {
			t.Errorf("help %v: exit code %d", words, code)
		}
		name := strings.Join(append([]string{"meshsim"}, words...), "-")
		golden(t, "help/"+name+".txt", out.Bytes())
		if topic := !c.Runnable(); topic {
			return
		}
		if c.Short == "" || !strings.Contains(c.Example, "meshsim "+strings.Join(words, " ")) {
			t.Errorf("%s has no sentence or no example of itself", c.CommandPath())
		}
		if c.Parent() != nil && c.Parent().Name() == "meshsim" && c.GroupID == "" {
			t.Errorf("%s has no group in the help", c.CommandPath())
		}
	})
}

// --help says the same as help.
func TestHelpFlag(t *testing.T) {
	a, out, _ := testApp(t)
	a.main([]string{"help", "run"})
	want := out.String()
	out.Reset()
	if code := a.main([]string{"run", "--help"}); code != exitHolds || out.String() != want {
		t.Errorf("run --help: exit code %d and\n%s", code, out)
	}
}

// What the topics show must be what a scenario can say.
func TestTopicsAreTrue(t *testing.T) {
	columns := func(name string) (examples []string) {
		_, text := topic(name)
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(line, "  "); ok {
				example, _, _ := strings.Cut(rest, "   ")
				examples = append(examples, strings.TrimSpace(example))
			}
		}
		return examples
	}
	_, units := topic("units")
	for _, c := range []struct{ label, path, also string }{
		{"durations", "run.duration", ""},
		{"probabilities", "network.default.loss", ""},
		{"sizes", "workload[0].publish.size", ""},
		{"bandwidths", "network.default.bandwidth", ""},
		{"rates", "workload[0].publish.rate", ""},
		{"clock drift", "nodes.core.clock.drift", ""},
	} {
		_, line, found := strings.Cut(units, "\n  "+c.label)
		line, _, _ = strings.Cut(strings.TrimSpace(line), "  ")
		if !found || line == "" {
			t.Errorf("units says nothing of %s", c.label)
		}
		for _, example := range strings.Split(line, ", ") {
			if _, err := scenarios.Load("testdata/scenarios/small.yaml", []string{"expect={}", "faults=[]", c.path + "=" + example}); err != nil {
				t.Errorf("units: %s %s: %v", c.label, example, err)
			}
		}
	}
	for _, example := range columns("selectors") {
		if example == "protocol.role" {
			continue // a form, not an example
		}
		example = strings.NewReplacer("edge", "core").Replace(example)
		if _, err := scenarios.Load("testdata/scenarios/small.yaml", []string{"network.zones=aws19", "nodes.core.zones=all",
			"expect={}", "faults=[{at: 1s, crash: \"" + example + "\"}]"}); err != nil {
			t.Errorf("selectors: %s: %v", example, err)
		}
	}
	_, text := topic("expressions")
	_, block, _ := strings.Cut(text, "  expect:\n")
	block, _, _ = strings.Cut(block, "\n\n")
	scenario := "meshsim: 1\nname: x\nnodes: {core: {count: 5}}\nprotocols: {gossip: {}}\nexpect:\n" + block
	if _, err := scenarios.Parse("topic", []byte(scenario), nil); err != nil {
		t.Errorf("expressions: %v", err)
	}
}
