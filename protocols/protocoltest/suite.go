package protocoltest

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
)

// A Law is one sentence that every node keeps. Its name is that of the subtest.
type Law string

// The laws, in the order in which they are checked.
const (
	Description Law = "description" // names are there and unique; the figures recorded are those listed
	Bounded     Law = "bounded"     // a call asks for no more than the limit, and for nothing that does not exist
	Repeatable  Law = "repeatable"  // the same inputs have the same effects, however nodes were made
	EnvNotKept  Law = "env-not-kept"
	Immutable   Law = "immutable" // a message does not change once it is sent or received
	Codec       Law = "codec"     // Size is the length, Decode takes back what AppendTo wrote, and keeps nothing
	Hostile     Law = "hostile"   // Decode and Receive stand whatever bytes arrive
	Unknown     Law = "unknown"   // messages, kinds, timers and events that the node does not know have no effect
	Checked     Law = "checked"   // the protocol's own checkers find nothing in an honest run
	BadDisk     Law = "bad-disk"  // nor in one over disks that are full, rot, and fail to read; and nothing panics
)

var laws = []struct {
	law   Law
	check func(r *run, fail failure)
}{
	{Description, checkDescription},
	{Bounded, checkBounded},
	{Repeatable, checkRepeatable},
	{EnvNotKept, checkEnvNotKept},
	{Immutable, checkImmutable},
	{Codec, checkCodec},
	{Hostile, checkHostile},
	{Unknown, checkUnknown},
	{Checked, checkChecked},
	{BadDisk, checkDisk},
}

type failure func(format string, args ...any)

// Breach is a law that a protocol broke, and how.
type Breach struct {
	Law  Law
	Text string
}

// Input is something that happens to a node in the run that the laws are
// checked on: a Message from outside or, if that is nil, a local Event.
type Input struct {
	At      time.Duration
	To      protocols.NodeID
	Message protocols.Message
	Event   protocols.Event
}

// Setup says which run the laws are checked on. The zero value is five nodes
// for a minute. Every run has loss, and node 1 crashes after a third of it and
// restarts after the second.
type Setup struct {
	Nodes    int
	Duration time.Duration
	Inputs   []Input // in the order of time; they must make the protocol send messages of all kinds
	Seeds    int     // runs; 0 means 3

	// Unsent are the kinds of messages that no node sends in this configuration.
	Unsent []protocols.Kind

	// Seal makes the checksum of a damaged message right again, so that the
	// damage gets as far as it can; nil if messages have none.
	Seal func(b []byte) []byte

	// Spared are nodes whose disks stay right, and that crash no more than the run
	// says: what they hold is on no disk.
	Spared []protocols.NodeID

	// MaxSends is the number of messages that one call may send; 0 means 64 and
	// twice the number of nodes. Other wishes are limited to the same number.
	MaxSends int
}

// TestProtocol checks that a protocol keeps all laws, each in a subtest.
func TestProtocol(t *testing.T, p *protocols.Protocol, s Setup) {
	t.Helper()
	runs := s.record(p)
	for _, l := range laws {
		t.Run(string(l.law), func(t *testing.T) {
			for _, b := range check(runs, l.law, l.check) {
				t.Error(b.Text)
			}
		})
	}
}

// Check is TestProtocol for tests of the laws themselves: it returns what is
// broken instead of reporting it.
func Check(p *protocols.Protocol, s Setup) (all []Breach) {
	runs := s.record(p)
	for _, l := range laws {
		all = append(all, check(runs, l.law, l.check)...)
	}
	return all
}

// At most so many breaches of a law are told in each run.
const told = 3

func check(runs []*run, law Law, f func(r *run, fail failure)) (all []Breach) {
	for _, r := range runs {
		n := 0
		fail := func(format string, args ...any) {
			if n++; n <= told {
				all = append(all, Breach{law, fmt.Sprintf("seed %d: ", r.seed) + fmt.Sprintf(format, args...)})
			}
		}
		func() {
			defer func() {
				if err := recover(); err != nil {
					fail("panic: %v", err)
				}
			}()
			f(r, fail)
		}()
	}
	return all
}
