package task_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{New: talker, Message: entering}.Run(t, "testdata/*.txt")
}

// entering makes a task, or a job of parts in a chain.
func entering(words []string) (protocols.Message, error) {
	if len(words) < 3 || words[0] != "submit" && words[0] != "chain" {
		return nil, fmt.Errorf("write submit or chain, an id, sizes, and deadline=, needs= or fork=")
	}
	id, err := strconv.ParseUint(words[1], 10, 64)
	if err != nil {
		return nil, err
	}
	m := &task.Submit{}
	for _, w := range words[2:] {
		if key, value, option := strings.Cut(w, "="); option {
			setOption(m.Tasks[0], key, value)
			continue
		}
		size, err := time.ParseDuration(w)
		if err != nil {
			return nil, err
		}
		m.Tasks = append(m.Tasks, &task.Task{ID: id, Size: size})
	}
	if words[0] == "chain" {
		m.Job = id
		m.After = make([][]uint16, len(m.Tasks))
		for i := 1; i < len(m.Tasks); i++ {
			m.After[i] = []uint16{uint16(i - 1)}
		}
	}
	return m, nil
}

func setOption(t *task.Task, key, value string) {
	switch key {
	case "needs":
		t.Needs = task.NewVector([]task.Capability{{Name: value, Level: 1}})
	case "fork":
		t.Depth, t.Width = 1, value[0]-'0'
	}
}

// talker makes the protocol of a conversation, in which every task is given to
// another node.
func talker(words []string) (*protocols.Protocol, error) {
	c := task.Default()
	c.Lease, c.Spare = 0, true
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "lease":
			c.Lease = 6 * time.Second
		case "journal":
			c.Journal = true
		case "limit":
			c.Queue.Limit = n
		case "discipline":
			c.Queue.Discipline = value
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return task.NewChoices(c, task.ChoicesConfig{Nodes: 1, Timeout: time.Second}), nil
}
