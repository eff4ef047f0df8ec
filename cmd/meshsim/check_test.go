package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meshsim/scenarios"
	"meshsim/scenarios/guard"
	"meshsim/scenarios/sweep"
)

// checkDir is a directory with a scenario that holds, one that is violated, and one
// that cannot be read, in which the test runs.
func checkDir(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const text = `meshsim: 1
name: NAME
run: {duration: 2s, repeat: 10}
nodes: {core: {count: 12}}
protocols: {gossip: {mode: push-pull, interval: 100ms}}
workload: [{publish: {from: core, rate: 20/s}, stop: 1s}]
metrics: {sample: 100ms, record: []}
expect:
  always: [gossip.validity]
  thresholds:
    gossip.convergence_time: mean < LIMIT
    net.bytes: ["mean > 1KiB", "mean < 100MiB"]
`
	write("good.yaml", strings.NewReplacer("NAME", "good", "LIMIT", "1s").Replace(text))
	write("late.yaml", strings.NewReplacer("NAME", "late", "LIMIT", "1ms").Replace(text))
	write("wrong.yaml", strings.NewReplacer("NAME", "wrong", "LIMIT", "1 banana").Replace(text))
	t.Chdir(dir)
}

// runCheck runs the command and returns what it printed.
func runCheck(t *testing.T, env map[string]string, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	a, out, errs := testApp(t)
	a.getenv = func(name string) string { return env[name] }
	if code := a.main(append([]string{"check"}, args...)); code != want {
		t.Errorf("check %v: exit code %d, want %d\n%s%s", args, code, want, out, errs)
	}
	return out.String(), errs.String()
}

// element is any element of XML.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// junitSchema is what the schemas of Ant and Jenkins have in common: the children
// of each element in their order ("*": any number, else at most one), and its
// attributes; "!" marks what must be there.
var junitSchema = map[string]struct{ children, attributes []string }{
	"testsuites": {[]string{"testsuite*"}, []string{"name", "tests!", "failures!", "errors!", "time"}},
	"testsuite": {[]string{"properties!", "testcase*", "system-out!", "system-err!"},
		[]string{"name!", "tests!", "failures!", "errors!", "skipped", "time!", "timestamp!", "hostname!", "id!", "package!"}},
	"properties": {[]string{"property*"}, nil},
	"property":   {nil, []string{"name!", "value!"}},
	"testcase":   {[]string{"skipped", "error", "failure"}, []string{"name!", "classname!", "time!"}},
	"skipped":    {nil, []string{"message"}},
	"error":      {nil, []string{"message", "type!"}},
	"failure":    {nil, []string{"message", "type!"}},
	"system-out": {}, "system-err": {},
}

var junitForms = map[string]*regexp.Regexp{
	"tests": regexp.MustCompile(`^\d+$`), "failures": regexp.MustCompile(`^\d+$`), "errors": regexp.MustCompile(`^\d+$`),
	"skipped": regexp.MustCompile(`^\d+$`), "id": regexp.MustCompile(`^\d+$`), "time": regexp.MustCompile(`^\d+(\.\d+)?$`),
	"timestamp": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`), "name": regexp.MustCompile(`.`),
}

func (e *element) validate(t *testing.T) {
	t.Helper()
	name := e.XMLName.Local
	rule, known := junitSchema[name]
	if !known {
		t.Errorf("there is no element %s", name)
		return
	}
	var have []string
	for _, a := range e.Attrs {
		have = append(have, a.Name.Local)
		if form := junitForms[a.Name.Local]; form != nil && !form.MatchString(a.Value) {
			t.Errorf("%s of %s is %q", a.Name.Local, name, a.Value)
		}
		if !slices.Contains(rule.attributes, a.Name.Local) && !slices.Contains(rule.attributes, a.Name.Local+"!") {
			t.Errorf("%s has an attribute %s", name, a.Name.Local)
		}
	}
	for _, a := range rule.attributes {
		if must, ok := strings.CutSuffix(a, "!"); ok && !slices.Contains(have, must) {
			t.Errorf("%s has no %s", name, must)
		}
	}
	rest := e.Children
	for _, c := range rule.children {
		word := strings.TrimRight(c, "*!")
		n := 0
		for len(rest) > 0 && rest[0].XMLName.Local == word {
			rest[0].validate(t)
			rest, n = rest[1:], n+1
		}
		if n > 1 && !strings.HasSuffix(c, "*") || n == 0 && strings.HasSuffix(c, "!") {
			t.Errorf("%s has %d %s", name, n, word)
		}
	}
	if len(rest) > 0 {
		t.Errorf("%s has %s out of order", name, rest[0].XMLName.Local)
	}
}

func readJUnit(t *testing.T, path string) *element {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var root element
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = true
	if err := d.Decode(&root); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != nil && err != io.EOF {
		if c, ok := err.(*xml.SyntaxError); ok {
			t.Fatal(c)
		}
	}
	root.validate(t)
	return &root
}

// The report has the form that CI systems read, its sums are right, and a failure
// tells the command that shows it.
func TestCheckJUnit(t *testing.T) {
	checkDir(t)
	runCheck(t, nil, exitViolated, ".", "--junit", "out/report.xml")
	root := readJUnit(t, "out/report.xml")
	sums := map[string]int{}
	for _, suite := range root.Children {
		count := map[string]int{}
		for _, c := range suite.Children {
			if c.XMLName.Local != "testcase" {
				continue
			}
			count["tests"]++
			for _, r := range c.Children {
				count[map[string]string{"failure": "failures", "error": "errors", "skipped": "skipped"}[r.XMLName.Local]]++
			}
		}
		for _, name := range []string{"tests", "failures", "errors", "skipped"} {
			if suite.attr(name) != strconv.Itoa(count[name]) {
				t.Errorf("%s: %s is %s, there are %d", suite.attr("name"), name, suite.attr(name), count[name])
			}
			sums[name] += count[name]
		}
	}
	for _, name := range []string{"tests", "failures", "errors"} {
		if root.attr(name) != strconv.Itoa(sums[name]) {
			t.Errorf("%s is %s, there are %d", name, root.attr(name), sums[name])
		}
	}
	if len(root.Children) != 3 || sums["failures"] != 1 || sums["errors"] != 1 {
		t.Errorf("%d suites, %v", len(root.Children), sums)
	}
	text, _ := os.ReadFile("out/report.xml")
	for _, want := range []string{`<testcase name="thresholds gossip.convergence_time mean &lt; 1ms" classname="late.yaml"`,
		"meshsim run late.yaml --seed ", `<testcase name="scenario valid" classname="wrong.yaml"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %s:\n%s", want, text)
		}
	}
}

// What is undecided is a failure in the report, and skipped where it is allowed.
func TestCheckUndecided(t *testing.T) {
	checkDir(t)
	runCheck(t, nil, exitInconclusive, "good.yaml", "--budget", "1ns", "--junit", "a.xml")
	runCheck(t, nil, exitHolds, "good.yaml", "--budget", "1ns", "--junit", "b.xml", "--allow-inconclusive")
	a, b := readJUnit(t, "a.xml").Children[0], readJUnit(t, "b.xml").Children[0]
	if a.attr("failures") == "0" || a.attr("skipped") != "0" || b.attr("failures") != "0" || b.attr("skipped") != a.attr("failures") {
		t.Errorf("%v\n%v", a.Attrs, b.Attrs)
	}
	out, _ := runCheck(t, nil, exitInconclusive, "good.yaml", "--budget", "1ns")
	if !strings.Contains(out, "10 of 10 runs were not begun: they do not fit into the 1ns of --budget") {
		t.Error(out)
	}
}

// In GitHub Actions, what is wrong is shown where it is written, and the summary of
// the job has it, too.
func TestCheckGitHub(t *testing.T) {
	checkDir(t)
	at, _ := os.Getwd()
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": filepath.Dir(at), "GITHUB_STEP_SUMMARY": "summary.md"}
	out, errs := runCheck(t, env, exitViolated, ".")
	if strings.Contains(out, "::") {
		t.Errorf("standard output has commands:\n%s", out)
	}
	dir := filepath.Base(at)
	for _, want := range []string{
		"::error file=" + dir + "/late.yaml,line=11,col=30,title=late.yaml%3A gossip.convergence_time mean < 1ms::mean ",
		"::error file=" + dir + "/wrong.yaml,line=11,col=39,title=wrong.yaml%3A valid::expect.thresholds.gossip.convergence_time: ",
		"%0A%0Ameshsim run late.yaml --seed ",
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("standard error lacks %s:\n%s", want, errs)
		}
	}
	summary, err := os.ReadFile("summary.md")
	for _, want := range []string{"### meshsim check: violated\n", "| ✅ | good.yaml | 10 runs | 4 of 4 expectations hold, no baseline |",
		"| ❌ | thresholds gossip.convergence\\_time mean &lt; 1ms | mean ", "`meshsim run late.yaml --seed "} {
		if err != nil || !strings.Contains(string(summary), want) {
			t.Errorf("the summary lacks %s: %v\n%s", want, err, summary)
		}
	}
	runCheck(t, env, exitViolated, "late.yaml")
	if more, _ := os.ReadFile("summary.md"); !bytes.HasPrefix(more, summary) || len(more) == len(summary) {
		t.Error("the summary was not appended to")
	}
	env["GITHUB_STEP_SUMMARY"] = "missing/summary.md"
	if _, errs = runCheck(t, env, exitInternal, "good.yaml"); !strings.Contains(errs, "the job summary cannot be written: ") {
		t.Error(errs)
	}
}

// table is a check with as many findings as wanted.
func manyFindings(n int, o scenarios.Outcome) *checkTable {
	s := &subject{name: "a, b: c%.yaml", file: "a, b: c%.yaml"}
	for i := range n {
		s.findings = append(s.findings, finding{Part: "always", Name: fmt.Sprintf("property %d", i), Outcome: o, Text: "50% of\nthe runs\rfail, x::y", Place: guard.Place{Line: i + 1, Column: 2}})
	}
	return &checkTable{checking: &checking{app: newApp(), checkOptions: &checkOptions{}, subjects: []*subject{s}}, command: "meshsim check"}
}

// No more annotations of a kind than GitHub shows; the last one says how many there
// are besides. What would end or split a command is escaped.
func TestAnnotations(t *testing.T) {
	for _, c := range []struct{ n, want int }{{1, 1}, {10, 10}, {11, 10}, {300, 10}} {
		var b bytes.Buffer
		k := manyFindings(c.n, scenarios.Violated)
		k.getenv = func(string) string { return "" }
		k.annotate(&b)
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(lines) != c.want {
			t.Fatalf("%d findings give %d annotations", c.n, len(lines))
		}
		if want := "::error file=a%2C b%3A c%25.yaml,line=1,col=2,title=a%2C b%3A c%25.yaml%3A property 0::50%25 of%0Athe runs%0Dfail, x::y"; lines[0] != want {
			t.Errorf("%s, want %s", lines[0], want)
		}
		if want := fmt.Sprintf("and %d more;", c.n-9); c.n > 10 && !strings.Contains(lines[9], want) {
			t.Errorf("the last of %d: %s", c.n, lines[9])
		}
	}
}

// The summary of a job is cut where it would be refused.
func TestSummaryFits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	k := manyFindings(40_000, scenarios.Violated)
	for range 2 {
		if err := k.jobSummary(path); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || len(text) > mostSummary || len(text) < mostSummary/2 || !bytes.HasSuffix(text, []byte("|\n\nThe rest does not fit; the log has it.\n")) {
			t.Errorf("%v, %d bytes, at the end %q", err, len(text), text[len(text)-100:])
		}
	}
}

// What --json prints is JSON with every finding and figure.
func TestCheckJSON(t *testing.T) {
	checkDir(t)
	runCheck(t, nil, exitHolds, "good.yaml", "--update")
	out, _ := runCheck(t, nil, exitHolds, "good.yaml", "--set", "network.default.latency=11ms", "--json", "--margin", "30%")
	var f checkFile
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	if f.Version != 1 || f.Outcome != "holds" || f.Comparisons != 3 || len(f.Scenarios) != 1 {
		t.Fatalf("%+v", f)
	}
	s := f.Scenarios[0]
	if !s.Compared || s.Planned != 10 || len(s.Runs) != 10 || len(s.Metrics) != 3 || s.Scenario != "good" {
		t.Errorf("%+v", s)
	}
	m := s.Metrics[0]
	if m.Metric != "gossip.convergence_time" || m.Margin != "30%" || m.Better != "smaller" || m.Pairs != 10 || m.Verdict != "within" || !(m.Relative.Lo < m.Relative.Hi) {
		t.Errorf("%+v", m)
	}
}

// Metrics that differ though all events are the same are compared, too: somebody
// computes them otherwise.
func TestCheckComputedOtherwise(t *testing.T) {
	checkDir(t)
	runCheck(t, nil, exitHolds, "good.yaml", "--update")
	b, err := guard.Read("good.baseline.json", "good")
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Metrics {
		if b.Metrics[i].Metric == "net.bytes" {
			for k := range b.Metrics[i].Values {
				b.Metrics[i].Values[k] /= 2
			}
		}
	}
	if err := b.Write("good.baseline.json"); err != nil {
		t.Fatal(err)
	}
	out, _ := runCheck(t, nil, exitViolated, "good.yaml")
	if !strings.Contains(out, "worse: 362.9 kB → 725.8 kB: +100%, 5% is allowed; the events are the same, so the metric is computed otherwise\n") {
		t.Error(out)
	}
}

// Runs that fail are an error of the program, told with the command that shows it,
// and keep the baseline from being written.
func TestCheckFailure(t *testing.T) {
	checkDir(t)
	a, _, _ := testApp(t)
	k := &checking{app: a, checkOptions: &checkOptions{update: true}, args: []string{"good.yaml"}}
	k.changed = func(string) bool { return false }
	if err := errors.Join(k.find(), k.plan(guard.Asked{}), k.measure(t.Context())); err != nil {
		t.Fatal(err)
	}
	c := k.subjects[0].held
	c.Now.Runs = c.Now.Runs[:8]
	for _, r := range c.Runs()[8:] {
		c.Failures = append(c.Failures, sweep.Failure{Run: r, Text: "no such rumor", Stack: "no such rumor\nat a line"})
	}
	k.judge(t.Context())
	var b bytes.Buffer
	k.table().text(&b, false, false)
	seed := c.Runs()[8].Seed
	for _, want := range []string{"error: runs", "2 of 10 runs fail: no such rumor\n", "at a line\n",
		fmt.Sprintf("meshsim run good.yaml --seed %d --repeat 1\n", seed), "not written: there are results of 8 of 10 runs"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("it lacks %q:\n%s", want, b.String())
		}
	}
	if code := k.code(false, nil); code != exitInternal || exists("good.baseline.json") {
		t.Errorf("exit code %d, baseline written: %v", code, exists("good.baseline.json"))
	}
}
