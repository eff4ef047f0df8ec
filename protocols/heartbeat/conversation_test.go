package heartbeat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/protocoltest"
)

// settings are what the first line of a script may name.
var settings = map[string]func(c *heartbeat.Config){
	"all":       func(c *heartbeat.Config) { c.Monitoring = "all" },
	"none":      func(c *heartbeat.Config) { c.Confirm = "none" },
	"members":   func(c *heartbeat.Config) { c.Confirm = "members" },
	"k=1":       func(c *heartbeat.Config) { c.K = 1 },
	"swim":      func(c *heartbeat.Config) { c.Detector, c.SWIM.Sync = "swim", 0 },
	"lifeguard": func(c *heartbeat.Config) { c.SWIM.Lifeguard = heartbeat.DefaultLifeguard() },
}

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := heartbeat.Default()
			c.Interval, c.Timeout, c.Phase = time.Second, 3*time.Second, "synchronous"
			for _, w := range words {
				if settings[w] == nil {
					return nil, fmt.Errorf("no setting %q", w)
				}
				settings[w](&c)
			}
			return heartbeat.New(c), nil
		},
		Message: func(words []string) (protocols.Message, error) {
			return nil, fmt.Errorf("nothing comes from outside: %s", strings.Join(words, " "))
		},
		Item: func(o protocols.Observation) string {
			switch o.Kind {
			case heartbeat.Watching, heartbeat.Late:
				return ""
			case heartbeat.Incarnated:
				return fmt.Sprint(o.Value)
			}
			return fmt.Sprintf("%d/%d", o.Key, o.Value)
		},
	}.Run(t, "testdata/*.txt")
}
