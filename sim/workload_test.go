package sim

import (
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

func TestConfigRunsTwice(t *testing.T) {
	c := meshOf(2, &script{}, time.Millisecond)
	c.Workload = []Workload{Injections{{At: 1, Protocol: "script", Message: &packet{1, 8}}, {At: 2, Protocol: "script", Message: &packet{2, 8}}}}
	first, second := mustRun(t, c), mustRun(t, c)
	if first.Events == 0 || first.Events != second.Events || first.Fingerprint != second.Fingerprint {
		t.Errorf("%d events, then %d", first.Events, second.Events)
	}
}

func TestInjectionsThatCannotBe(t *testing.T) {
	packet := &packet{1, 8}
	for want, list := range map[string]Injections{
		`no node runs the protocol "scrpt"`: {{Protocol: "scrpt", Message: packet}},
		"there is no node 2; the last is 1": {{Protocol: "script", To: protocols.NodeID(2), Message: packet}},
		"is nil":                            {{Protocol: "script"}},
		"out of order":                      {{At: 600 * time.Millisecond, Protocol: "script", Message: packet}, {At: 1, Protocol: "script", Message: packet}},
	} {
		c := meshOf(2, &script{}, time.Millisecond)
		c.Sample = 100 * time.Millisecond
		c.Workload = []Workload{list}
		if _, err := Run(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %s", list, err, want)
		}
	}
}
