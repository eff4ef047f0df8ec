package protocoltest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

// A Conversation runs scripted conversations of a few nodes and holds what the
// nodes do against golden text. Nothing happens by itself: messages wait until
// they are delivered or dropped, timers until they are expired. The commands:
//
//	nodes 3 key=value …        make nodes and boot them; the words go to New
//	inject 0 word …            hand node 0 a message from outside; the words go to Message
//	announce 0 peer-up node=1  hand node 0 a local event; also id=, value=, data=
//	expire 0 round             let node 0's timer come due; time passes until then. An argument may follow
//	deliver                    deliver the messages that are under way, in the order of sending
//	deliver 0 1                … only those from 0 to 1
//	drop, drop 0 1             lose them
//	duplicate, duplicate 0 1   deliver them and keep them under way
//	wait 2s                    let time pass
//	crash 0, restart 0         what was not durable is lost
//	pending                    list the messages under way and the timers that are set
//
// The output of a command is what it led to: sends, timers, observations,
// announcements, work. REWRITE=1 in the environment writes the outputs anew.
type Conversation struct {
	// New makes the protocol from the words behind "nodes 3".
	New func(words []string) (*protocols.Protocol, error)
	// Message makes a message from the words behind "inject 0".
	Message func(words []string) (protocols.Message, error)
	// Item renders key and value of an observation, "" to hide it; nil: as numbers.
	Item func(o protocols.Observation) string
}

// Run runs all scripts that the pattern matches, each in a subtest.
func (c Conversation) Run(t *testing.T, pattern string) {
	t.Helper()
	runScripts(t, pattern, func() func(string) (string, error) {
		return (&talk{Conversation: c}).execute
	})
}

// talk is the state of one conversation. It uses a Cluster for its nodes, disks
// and keys, and keeps messages and timers itself.
type talk struct {
	Conversation
	cluster *Cluster
	flight  []letter
	timers  []alarm
	out     strings.Builder
}

type letter struct {
	from, to protocols.NodeID
	message  protocols.Message
}

type alarm struct {
	node  protocols.NodeID
	timer protocols.TimerID
	at    protocols.Time
}

func (k *talk) execute(command string) (string, error) {
	words := strings.Fields(command)
	k.out.Reset()
	var err error
	switch {
	case words[0] == "nodes":
		err = k.nodes(words[1:])
	case k.cluster == nil:
		err = fmt.Errorf("begin with nodes")
	default:
		err = k.command(words[0], words[1:])
	}
	if k.out.Len() == 0 && err == nil {
		return "nothing\n", nil
	}
	return k.out.String(), err
}

func (k *talk) nodes(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("how many?")
	}
	n, err := strconv.Atoi(words[0])
	if err != nil {
		return err
	}
	p, err := k.New(words[1:])
	if err != nil {
		return err
	}
	k.cluster = newCluster(p, n, Options{})
	k.cluster.probe = nil
	k.cluster.called = k.called
	k.cluster.start()
	return nil
}

func (k *talk) command(verb string, words []string) error {
	switch verb {
	case "deliver", "drop", "duplicate":
		return k.carry(verb, words)
	case "pending":
		k.pending()
		return nil
	}
	if len(words) == 0 {
		return fmt.Errorf("%s needs more words", verb)
	}
	if verb == "wait" {
		d, err := time.ParseDuration(words[0])
		k.cluster.now += protocols.Time(d)
		return err
	}
	id, err := k.node(words[0])
	if err != nil {
		return err
	}
	return k.nodeCommand(verb, id, words[1:])
}

func (k *talk) nodeCommand(verb string, id protocols.NodeID, words []string) error {
	switch verb {
	case "inject":
		m, err := k.Message(words)
		if err == nil {
			k.cluster.Inject(id, m)
		}
		return err
	case "announce":
		e, err := parseEvent(words)
		if err == nil {
			k.cluster.Hear(id, e)
		}
		return err
	case "expire":
		return k.expire(id, words)
	case "crash":
		k.cluster.Crash(id)
		k.timers = slices.DeleteFunc(k.timers, func(a alarm) bool { return a.node == id })
		return nil
	case "restart":
		k.cluster.Restart(id)
		return nil
	}
	return fmt.Errorf("unknown command")
}

func (k *talk) node(word string) (protocols.NodeID, error) {
	id, err := strconv.ParseUint(word, 10, 32)
	if err != nil || id >= uint64(len(k.cluster.Nodes)) {
		return 0, fmt.Errorf("%q is no node; nodes are 0 to %d", word, len(k.cluster.Nodes)-1)
	}
	return protocols.NodeID(id), nil
}

func (k *talk) expire(id protocols.NodeID, words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("which timer?")
	}
	name := slices.Index(k.cluster.Protocol.Timers, words[0])
	if name < 0 {
		return fmt.Errorf("no timer is called %q", words[0])
	}
	t := protocols.Timer(uint8(name), 0)
	if len(words) > 1 {
		argument, err := strconv.ParseUint(words[1], 10, 56)
		if err != nil {
			return err
		}
		t = protocols.Timer(uint8(name), argument)
	}
	i := k.alarm(id, t)
	if i < 0 {
		return fmt.Errorf("the timer is not set")
	}
	k.cluster.now = max(k.cluster.now, k.timers[i].at)
	k.timers = slices.Delete(k.timers, i, i+1)
	k.cluster.call(call{do: expire, node: id, timer: t})
	return nil
}

func (k *talk) alarm(id protocols.NodeID, t protocols.TimerID) int {
	return slices.IndexFunc(k.timers, func(a alarm) bool { return a.node == id && a.timer == t })
}

// carry delivers or drops the messages that are under way now.
func (k *talk) carry(verb string, words []string) error {
	all := len(words) == 0
	var from, to protocols.NodeID
	if !all {
		if len(words) != 2 {
			return fmt.Errorf("write %s, or %s and two nodes", verb, verb)
		}
		var err error
		if from, err = k.node(words[0]); err != nil {
			return err
		}
		if to, err = k.node(words[1]); err != nil {
			return err
		}
	}
	now := k.flight
	k.flight = nil
	for _, l := range now {
		chosen := all || l.from == from && l.to == to
		if !chosen || verb == "duplicate" {
			k.flight = append(k.flight, l)
		}
		if chosen {
			k.carryOne(verb, l)
		}
	}
	return nil
}

func (k *talk) carryOne(verb string, l letter) {
	past := "delivered"
	if verb == "drop" {
		past = "dropped"
	}
	fmt.Fprintf(&k.out, "%d -> %d %s %s\n", l.from, l.to, text(l.message), past)
	if verb != "drop" {
		k.cluster.call(call{do: receive, node: l.to, from: l.from, message: l.message})
	}
}
