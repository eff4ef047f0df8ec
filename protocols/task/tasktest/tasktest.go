// Package tasktest is what the tests of strategies share.
package tasktest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// Plain is a node of one core for tasks, and one more so that it answers at once; for
// what is handed over nobody answers but who has it.
func Plain() task.Config {
	c := task.Default()
	c.Lease, c.Spare = 0, true
	return c
}

// Lawful is the protocol without exactly-once, which no means keep when messages are
// lost and nodes crash, and without other properties by name.
func Lawful(p *protocols.Protocol, but ...string) *protocols.Protocol {
	p.Checkers = slices.DeleteFunc(p.Checkers, func(c protocols.CheckerSpec) bool {
		return c.Name == "exactly-once" || slices.Contains(but, c.Name)
	})
	return p
}

// Submit reads a message of a conversation: submit, the number of a task, its size,
// and what it needs, as in submit 1 2s gpu ssd:2.
func Submit(words []string) (protocols.Message, error) {
	if len(words) < 3 || words[0] != "submit" {
		return nil, fmt.Errorf("write submit <id> <size>, and what is needed")
	}
	id, err := strconv.ParseUint(words[1], 10, 64)
	if err != nil {
		return nil, err
	}
	size, err := time.ParseDuration(words[2])
	if err != nil {
		return nil, err
	}
	needs, err := Vector(words[3:]...)
	return task.NewSubmit(&task.Task{ID: id, Size: size, Needs: needs}), err
}

// Vector reads capabilities as scenarios write them.
func Vector(words ...string) (task.Vector, error) {
	list := make([]task.Capability, len(words))
	for i, w := range words {
		if err := list[i].UnmarshalText([]byte(w)); err != nil {
			return nil, err
		}
	}
	return task.NewVector(list), nil
}
