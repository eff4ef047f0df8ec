package scenarios

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"meshsim/scenarios/strict"
)

func resolvedSchema(t testing.TB) *jsonschema.Resolved {
	t.Helper()
	var schema jsonschema.Schema
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	r, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSchemaAcceptsTheLibrary(t *testing.T) {
	schema := resolvedSchema(t)
	for _, file := range libraryFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := strict.JSONValue(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		v, err = strict.JSONValue(mustParse(t, string(text)).Resolved())
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s resolved: %v", file, err)
		}
	}
}

// What the schema refuses, the loader refuses, and the other way round as far as
// a schema can see.
func TestSchemaAndLoaderAgree(t *testing.T) {
	schema := resolvedSchema(t)
	for set, want := range map[string]bool{
		"run.duration=20s": true, "run.duration=20": false, "run.duration=0": false, "run.seed=-1": false, "run.seed=x": false,
		"run.sed=1": false, "run.stop=[violation]": true, "run.stop=[x]": false, "run=null": true, "run.repeat=0": false,
		"name=7": true, "nodes.a.count=0": false, "nodes.a={}": false, "nodes.b={count: 3, zones: [x, y]}": true,
		"nodes.b={count: 3, zones: x}": true, "nodes.b={count: 3, bandwidth: 10Mbit/s}": true,
		"nodes.b={count: 3, bandwidth: {up: 10Mbit/s}}": true, "nodes.b={count: 3, bandwidth: 10mbps}": false,
		"nodes.b={count: 3, clock: {drift: 50ppm}}": true, "nodes.b={count: 3, clock: {drift: 50}}": false,
		"nodes.b={count: 3, protocols: {gossip: {fanout: 2}}}": true, "nodes.b={count: 3, protocols: {gossip: off}}": true,
		"nodes.b={count: 3, protocols: {gossip: {fan: 2}}}": false,
		"topology=full": true, "topology=fill": false, "topology={kind: ring, degree: 4}": true,
		"topology={kind: ring, rewire: 4%}": false, "topology={kind: random-regular}": false,
		"topology={degree: 4}": false, "topology={kind: erdos-renyi, degree: 4, probability: 1%}": false,
		"network.default.loss=1%": true, "network.default.loss=1": false, "network.default.loss=0.5": true,
		"network.default.loss={model: gilbert-elliott, p: 1%, r: 3%}": true, "network.default.loss={model: gilbert-elliott, p: 1%}": false,
		"network.default.delay=1s": false, "network.default.queue=1KiB": false, "network.zones=aws19": true,
		"network.links=[{from: a, to: a, loss: {p: 2%}}]": true, "network.links=[{from: a, los: 2%}]": false,
		"network.links=null": true, "faults=[{at: 1s, crash: a}]": true, "faults=[{at: 1s}]": false, "faults=[{crash: a}]": false,
		"faults=[{at: 1s, crash: a, pause: a}]": false, "faults=[{at: 1s, partition: {isolate: [a-0, a-1]}}]": true,
		"faults=[{at: 1s, churn: {nodes: a, session: 5m, downtime: {distribution: weibull, scale: 1m, shape: 0.5}}}]":         true,
		"faults=[{at: 1s, churn: {nodes: a, session: 5m, downtime: {distribution: weibull, scale: 1m}}}]":                     false,
		"faults=[{at: 1s, churn: {nodes: a, session: 5m, downtime: {distribution: weibull, mean: 1m, scale: 1m, shape: 1}}}]": false,
		"expect.thresholds={net.messages: max < 9}":                                                                           true, "expect.thresholds={net.messages: {a: b}}": false,
		"faults=[{at: 1s, byzantine: {nodes: a, behaviour: silent}}]": true, "faults=[{at: 1s, byzantine: {nodes: a, behaviour: silent, messages: [push], to: a-0}}]": true,
		"faults=[{at: 1s, byzantine: {nodes: a, behaviour: sillent}}]": false, "faults=[{at: 1s, byzantine: {nodes: a}}]": false,
		"faults=[{at: 1s, byzantine: {nodes: a, behaviour: delay, by: 3s}}]": true, "faults=[{at: 1s, byzantine: {nodes: a, behaviour: delay}}]": false,
		"faults=[{at: 1s, byzantine: {nodes: a, behaviour: twins, by: 3s}}]": false, "faults=[{at: 1s, byzantine: {nodes: a, behaviour: flood, rate: 9}}]": false,
		"faults=[{at: 1s, byzantine: {nodes: a, behaviour: lie, lie: poison}}]": true, "faults=[{at: 1s, byzantine: {nodes: a, behaviour: lie}}]": false,
		"metrics.trace=everything": false, "sweep={}": false, "sweep={matrix: {run.duration: [1s, 2s]}, repeat: 3}": true, "sweep={matrix: {run.duration: 1s}, repeats: 3}": false, "workload=[{publish: {from: a, rate: 5}}]": false,
		"workload=[{publish: {from: a, rate: 5/s}}]": true, "workload=[{publish: {rate: 5/s}}]": false,
	} {
		_, err := Parse("test.yaml", []byte(small), []string{set})
		if (err == nil) != want {
			t.Errorf("%s: the loader says %v", set, err)
		}
		text, err := strict.Override([]byte(small), set)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(text); (err == nil) != want && !beyondSchema[set] {
			t.Errorf("%s: the schema says %v", set, err)
		}
	}
}

// beyondSchema holds what a schema cannot see.
var beyondSchema = map[string]bool{
	"run.duration=0":             true, // a bound on a text
	"sweep={}":                   true, // no points
	"network.default.queue=1KiB": true, // needs a bandwidth
}

func TestSchemaIsTheSameEachTime(t *testing.T) {
	first := string(Schema())
	for range 5 {
		if string(Schema()) != first {
			t.Fatal("two schemas differ")
		}
	}
	for _, want := range []string{`"$id": "urn:meshsim:scenario:1"`, `"gossip.Config"`, `"description": "messages that get lost"`} {
		if !strings.Contains(first, want) {
			t.Errorf("the schema does not have %s", want)
		}
	}
}

func TestExplain(t *testing.T) {
	var b strings.Builder
	for _, path := range []string{"", "run", "run.duration", "nodes", "nodes.core.clock", "network.default.loss", "topology",
		"faults.partition", "faults[0].churn.session", "protocols.gossip.mode", "network.links.loss", "expect"} {
		text, err := Explain(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		b.WriteString("$ explain " + path + "\n" + text + "\n")
	}
	for _, path := range []string{"run.duratoin", "rnu", "run.duration.x", "nodes.core.clock.skew"} {
		_, err := Explain(path)
		if err == nil {
			t.Errorf("%s is explained", path)
			continue
		}
		b.WriteString("$ explain " + path + "\n" + err.Error() + "\n\n")
	}
	golden(t, "testdata/explain.txt", b.String())
}
