package scenarios

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
)

// values are what a field may be set to, by the form of what stands there.
var values = map[string][]string{
	"time":   {"0s", "1ns", "20us", "30ms", "1s", "5s", "61s", "24h", "-3ms"},
	"share":  {"0%", "1%", "50%", "100%", "1/3"},
	"number": {"0", "1", "2", "3", "7", "100", "-1", "0.5", "18446744073709551615"},
	"size":   {"unlimited", "1bit/s", "1Gbit/s", "8B", "64KiB", "50ppm", "-1ppb", "1/s", "1000/s"},
	"nodes": {"all", "core", "edge-1", "core-0..core-3", "zone:us-east-1", "random 2 of edge", "10% of all", "gossip.delivered",
		"[core, edge]", "[core, 50% of edge]", "[]"},
	"word": {"off", "true", "false", "normal", "uniform", "constant", "exponential", "lognormal", "stream", "datagram", "apart", "connected",
		"synchronous", "neighbours", "membership", "poisson", "regular", "lose", "torn", "push", "counter"},
	"block": {"{}", "null", "{gossip: {}, paxos: {}}", "{gossip: {anti_entropy: {interval: 10ms}, aggregation: {interval: 10ms}}}",
		"{kind: ring, degree: 2}", "star", "tree", "{kind: erdos-renyi, degree: 3}", "{model: gilbert-elliott, p: 10%, r: 10%}", "5%",
		"{at: 0s, pause: core}", "{start: 1ms, publish: {from: core}}", "{start: 1ms, put: {from: core, rate: 1/ms}}", "10s", "{up: 1ms, down: 1ms}"},
	"list": {"[]", "null", "[violation, reached]", "[gossip.coverage >= 10% within 1s]", "[partitioned or not degraded]", "[p50 < 1s]", "[latency]",
		"[{at: 1ms, churn: {nodes: edge, session: 10ms, downtime: 3ms}}]", "[{at: 1ms, disk: {nodes: core, sync: 3ms, torn_writes: true, read_errors: 20%}}]", "[{between: [core, edge], latency: 1ms}]"},
}

// formOf tells the form of a value.
func formOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "block"
	case []any:
		return "list"
	case float64, bool:
		return "number"
	case string:
		var pick Pick
		if _, err := strict.ParseDuration(v); err == nil {
			return "time"
		} else if _, err := strict.ParseProbability(v); err == nil {
			return "share"
		} else if v == "core" || strings.ContainsAny(v, " .:") && pick.UnmarshalText([]byte(v)) == nil {
			return "nodes"
		} else if strings.ContainsAny(v, "0123456789") {
			return "size"
		}
	}
	return "word"
}

// A setting is a place and the form of what stands there.
type setting struct{ path, form string }

// settings lists the places of a value.
func settings(v any, at string) (out []setting) {
	if at != "" {
		out = append(out, setting{at, formOf(v)})
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			path := k
			if at != "" {
				path = at + "." + k
			}
			out = append(out, settings(v[k], path)...)
		}
	case []any:
		for i, x := range v {
			out = append(out, settings(x, indexed(at, i))...)
		}
	}
	return out
}

// another draws a value for a place, in one of ten cases of another form.
func another(r *draw.Rand, form string) string {
	if forms := slices.Sorted(maps.Keys(values)); r.IntN(10) == 0 {
		form = forms[r.IntN(len(forms))]
	}
	list := values[form]
	return list[r.IntN(len(list))]
}

// Scenarios that differ from a rich one in one to three places: what is accepted
// compiles, reads back from its resolved form, and runs.
func TestSwarm(t *testing.T) {
	resolved := mustParse(t, everything).Resolved()
	v, err := strict.JSONValue(resolved)
	if err != nil {
		t.Fatal(err)
	}
	where := settings(v, "")
	rounds, accepted := 150, 0
	if n, err := strconv.Atoi(os.Getenv("SWARM")); err == nil {
		rounds = n
	}
	for seed := range rounds {
		r := draw.New(uint64(seed))
		var set []string
		for range 1 + r.IntN(3) {
			at := where[r.IntN(len(where))]
			set = append(set, at.path+"="+another(&r, at.form))
		}
		t.Run(fmt.Sprint(seed, set), func(t *testing.T) {
			s, err := parse("test.yaml", resolved, set, librarian)
			if err != nil {
				if _, ok := err.(*strict.Problems); !ok {
					t.Fatalf("error of type %T", err)
				}
				return
			}
			accepted++
			again, err := parse("test.yaml", s.Resolved(), nil, librarian)
			if err != nil {
				t.Fatalf("the resolved form does not read back: %v", err)
			}
			if string(again.Resolved()) != string(s.Resolved()) {
				t.Fatal("the resolved form is no fixpoint")
			}
			runBriefly(t, s)
		})
	}
	if accepted < rounds/20 {
		t.Errorf("only %d of %d were accepted", accepted, rounds)
	}
}
