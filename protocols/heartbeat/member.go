package heartbeat

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/quorum"
)

// What nodes observe. Keys and values are given behind each.
const (
	Suspected  protocols.ObservationKind = iota // a peer is suspected: peer, its incarnation
	Trusted                                     // a peer that was suspected or had failed is trusted again: peer, its incarnation
	Failed                                      // a peer is held for failed: peer, its incarnation
	Accused                                     // the node has signed an accusation: peer, its incarnation
	Declared                                    // the node itself declared the failure: peer, confirmations counted
	Incarnated                                  // the node begins an incarnation: 0, incarnation
	Watching                                    // the node watches another number of peers than before: 0, how many
	Late                                        // its heartbeat leaves a quarter of an interval late or more: 0, by how many nanoseconds
)

var observationNames = []string{"suspected", "trusted", "failed", "accused", "declared", "incarnated", "watching", "late"}

// shared is what all nodes have in common.
type shared struct {
	Config
	world       protocols.World
	unbroken    bool  // the members' identities have no gap
	distances   []int // to the peers that a node watches with monitoring random
	deviations  int64 // phi: how many standard deviations the threshold is, times 2^20
	synchronous bool
	logarithm   int64 // of the number of members to base 10, in thousandths, at least 1000
}

func newShared(c Config, w protocols.World) *shared {
	s := &shared{Config: c, world: w, synchronous: c.Phase == "synchronous", logarithm: max(1000, logarithm(len(w.Members)))}
	if m := w.Members; len(m) > 0 {
		s.unbroken = int(m[len(m)-1]-m[0]) == len(m)-1
	}
	if c.Monitoring == "random" && len(w.Members) > 1 {
		r := draw.New(draw.DeriveString(uint64(len(w.Members)), "heartbeat.distances"))
		s.distances = r.Sample(make([]int, min(c.K, len(w.Members)-1)), len(w.Members)-1)
		for i := range s.distances {
			s.distances[i]++
		}
	}
	if c.Detector == "phi" {
		s.deviations = deviations(c.Phi.Threshold)
	}
	return s
}

// size is the number of members.
func (s *shared) size() int { return len(s.world.Members) }

// at is the member at a place, counted around.
func (s *shared) at(place int) protocols.NodeID {
	n := s.size()
	place = (place%n + n) % n
	if s.unbroken {
		return s.world.Members[0] + protocols.NodeID(place)
	}
	return s.world.Members[place]
}

// place is where a member stands among all; ok is false if it is none.
func (s *shared) place(id protocols.NodeID) (place int, ok bool) {
	m := s.world.Members
	if s.unbroken {
		if id < m[0] || id > m[len(m)-1] {
			return 0, false
		}
		return int(id - m[0]), true
	}
	return slices.BinarySearch(m, id)
}

func (s *shared) isMember(id protocols.NodeID) bool {
	_, ok := s.place(id)
	return ok
}

// majority is the quorum of so many, unless the configuration names another.
func (s *shared) majority(of int) int {
	if s.Quorum > 0 {
		return s.Quorum
	}
	return quorum.Majority(of)
}

// member is what a node of any detector has.
type member struct {
	*shared
	ledger
	incarnation uint32
	start       protocols.Time // on the node's clock, where its first interval begins
	due         protocols.Time // when the next one begins
	watching    int            // peers, as last observed
}

// firstInterval sets the timer of the first interval.
func (m *member) firstInterval(env *protocols.Env) {
	interval := int64(m.Interval)
	into := (int64(env.Now)%interval + interval) % interval
	wait := time.Duration(interval - into)
	if !m.synchronous {
		wait = time.Duration(env.Rand.Int64N(interval))
	}
	m.start = env.Now + protocols.Time(wait)
	m.due = m.start
	env.SetTimer(protocols.Timer(intervalTimer, 0), wait)
}

// nextInterval sets the timer of the next one, on the grid of the first. It returns
// how many have begun: those that were missed, as while the node was frozen, count.
func (m *member) nextInterval(env *protocols.Env, length time.Duration) (number uint32) {
	step := protocols.Time(length)
	if late := env.Now - m.due; late > step/4 {
		env.Observe(Late, 0, uint64(late))
	}
	number = uint32((m.due-m.start)/protocols.Time(m.Interval)) + 1
	m.due += step
	if behind := env.Now - m.due; behind >= 0 {
		m.due += (behind/step + 1) * step
	}
	env.SetTimer(protocols.Timer(intervalTimer, 0), time.Duration(m.due-env.Now))
	return number
}

// What the others on the node, and checkers and probes, are told of a peer.

func (m *member) tellSuspected(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	env.Observe(Suspected, uint64(id), uint64(incarnation))
	env.Announce(protocols.Event{Kind: protocols.PeerSuspected, Node: id})
}

func (m *member) tellTrusted(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	env.Observe(Trusted, uint64(id), uint64(incarnation))
	env.Announce(protocols.Event{Kind: protocols.PeerBack, Node: id})
}

func (m *member) tellFailed(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	env.Observe(Failed, uint64(id), uint64(incarnation))
	env.Announce(protocols.Event{Kind: protocols.PeerFailed, Node: id})
}

func (m *member) tellWatching(env *protocols.Env, peers int) {
	if peers != m.watching {
		m.watching = peers
		env.Observe(Watching, 0, uint64(peers))
	}
}
