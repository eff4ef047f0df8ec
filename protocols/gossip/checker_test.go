package gossip

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

// mutant is a node with a fault.
type mutant struct {
	*node
	fault string
}

func (m *mutant) Expire(env *protocols.Env, t protocols.TimerID) {
	if m.fault == "invents a rumor" && env.Now > 5e9 && m.find(NewID(1, 77)) == nil {
		m.learn(env, newRumor(NewID(1, 77), nil))
	}
	m.node.Expire(env, t)
}

func (m *mutant) Receive(env *protocols.Env, from protocols.NodeID, msg protocols.Message) {
	if m.fault == "writes though it must not" {
		m.more.readOnly = false
	}
	switch x := msg.(type) {
	case *Rumors:
		if m.fault == "changes payloads" {
			list := slices.Clone(x.of.list)
			for i, r := range list {
				list[i] = newRumor(r.ID, append(slices.Clone(r.Payload), '!'))
			}
			b := newBatch(list)
			msg = &b.push
		}
		if m.fault == "forgets what it knows" {
			m.held, m.batch, m.more.index, m.more.floors = nil, nothing, index{}, nil
		}
	case *Delta:
		m.spoilReplica(x)
	case *Swap:
		if a := m.more.aggregate; m.fault == "lets exchanges overlap" && a.waiting {
			a.waiting = false
			m.node.Receive(env, from, msg)
			a.waiting = true
			return
		}
	case *Swapped:
		if m.fault == "rounds up on both sides" {
			m.more.aggregate.value++
		}
	}
	m.node.Receive(env, from, msg)
}

func (m *mutant) spoilReplica(d *Delta) {
	r := m.more.replica
	for _, p := range d.parts {
		for _, e := range p.entries {
			if i, ok := r.find(e.key); ok && m.fault == "takes the last for the newest" {
				r.drop(r.entries[i])
				r.entries = slices.Delete(r.entries, i, i+1)
			}
			if m.fault == "changes values" {
				*e = *newEntry(e.key, append(slices.Clone(e.value), '!'), e.version, e.deleted)
			}
			if m.fault == "changes versions" {
				*e = *newEntry(e.key, e.value, version{e.version.time + 1<<20, e.version.by}, e.deleted)
			}
		}
	}
}

// busyConfig has everything switched on.
func busyConfig() Config {
	c := Default()
	c.Mode, c.Interval, c.Retention = "push-pull", time.Second, 10*time.Second
	c.AntiEntropy, c.Aggregation = DefaultAntiEntropy(), DefaultAggregation()
	c.AntiEntropy.Interval = time.Second
	c.Aggregation.Initial = "uniform"
	return c
}

// violations runs a busy mesh with loss and a crash and returns the names of
// the checkers that complain, and what they say.
func violations(seed uint64, fault string) (names, texts []string) {
	p := New(busyConfig())
	inner := p.New
	p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		made := inner(w, ids)
		nodes := make(protocols.NodeList, made.Len())
		for i := range nodes {
			nodes[i] = made.At(i)
			if fault != "" && (ids[i] == 2 || fault == "lets exchanges overlap") {
				nodes[i] = &mutant{nodes[i].(*node), fault}
			}
		}
		return nodes
	}
	var watch []protocols.Checker
	for _, spec := range p.Checkers {
		watch = append(watch, spec.New(protocols.ProbeConfig{Nodes: 6}))
	}
	c := protocoltest.NewCluster(p, 6, protocoltest.Options{Seed: seed, Latency: 50 * time.Millisecond, Loss: draw.Ratio(1, 20),
		Observe: func(o protocols.Observed) {
			for i, spec := range p.Checkers {
				if text := watch[i].Observe(o); text != "" {
					names, texts = append(names, spec.Name), append(texts, text)
				}
			}
		}})
	for step := range 40 {
		id := protocols.NodeID(step % 6)
		c.Inject(id, NewPublish([]byte{byte(step)}))
		c.Inject(id, NewPut(fmt.Sprint("key", step%3), []byte{byte(step)}))
		c.Run(700 * time.Millisecond)
		switch step {
		case 24:
			c.Hear(2, protocols.Event{Kind: protocols.ReadOnlyOn})
		case 30:
			c.Hear(2, protocols.Event{Kind: protocols.Reconcile, ID: 1})
			c.Hear(2, protocols.Event{Kind: protocols.ReadOnlyOff})
		case 20:
			c.Crash(4)
			c.Run(time.Second)
			c.Restart(4)
		}
	}
	return names, texts
}

func TestCheckersAcceptAnHonestRun(t *testing.T) {
	for seed := range uint64(5) {
		if names, texts := violations(seed, ""); names != nil {
			t.Errorf("seed %d: %v %v", seed, names, texts)
		}
	}
}

// A checker that was never red is not trusted.
func TestCheckersCatchMutants(t *testing.T) {
	tests := []struct{ fault, checker string }{
		{"invents a rumor", "validity"},
		{"changes payloads", "validity"},
		{"changes payloads", "consistency"},
		{"changes versions", "validity"},
		{"changes values", "validity"},
		{"forgets what it knows", "no-duplicates"},
		{"takes the last for the newest", "versions-grow"},
		{"lets exchanges overlap", "mass-conservation"},
		{"rounds up on both sides", "mass-conservation"},
		{"writes though it must not", "read-only"},
	}
	for _, tc := range tests {
		names, texts := violations(1, tc.fault)
		if !slices.Contains(names, tc.checker) {
			t.Errorf("a node that %s is not caught by %s, only by %v", tc.fault, tc.checker, names)
			continue
		}
		if text := texts[slices.Index(names, tc.checker)]; strings.HasSuffix(text, ".") || text == "" {
			t.Errorf("%s says %q", tc.checker, text)
		}
	}
}
