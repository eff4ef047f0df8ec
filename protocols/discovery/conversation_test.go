package discovery_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/discovery"
	"meshsim/protocols/protocoltest"
)

// configured is a small mesh with what the words change: seeds=0,1 limit=1 degree=2 max=3 view=full.
func configured(words []string) (*protocols.Protocol, error) {
	c := discovery.Default()
	c.DegreeMin, c.DegreeMax, c.ActiveWalk, c.PassiveWalk, c.Passive = 1, 2, 2, 1, 4
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "seeds":
			for _, s := range strings.Split(value, ",") {
				id, err := strconv.Atoi(s)
				if err != nil {
					return nil, err
				}
				c.Seeds = append(c.Seeds, protocols.NodeID(id))
			}
		case "limit":
			c.JoinLimit = n
		case "degree":
			c.DegreeMin = n
		case "max":
			c.DegreeMax = n
		case "timeout":
			c.Timeout = time.Duration(n) * time.Second
		case "view":
			c.View = value
		case "detector":
			c.Detector = true
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return discovery.New(c), nil
}

func TestConversations(t *testing.T) {
	why := []string{"failure", "eviction", "the other end", "leaving", "swap", "lie"}
	protocoltest.Conversation{
		New: configured,
		Message: func(words []string) (protocols.Message, error) {
			switch strings.Join(words, " ") {
			case "leave":
				return discovery.NewLeave(), nil
			case "enter":
				return discovery.NewEnter(), nil
			}
			return nil, fmt.Errorf("write leave or enter")
		},
		Item: func(o protocols.Observation) string {
			switch o.Kind {
			case discovery.LinkUp, discovery.Shunned, discovery.Contacted:
				return fmt.Sprint(o.Key)
			case discovery.LinkDown:
				return fmt.Sprintf("%d by %s", o.Key, why[o.Value])
			case discovery.Joined:
				return fmt.Sprintf("after %d redirects and %d tries", o.Key, o.Value)
			case discovery.Begun, discovery.Left:
				return "it"
			}
			return ""
		},
	}.Run(t, "testdata/*.txt")
}
