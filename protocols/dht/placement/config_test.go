package placement_test

import (
	"strings"
	"testing"
	"time"

	"meshsim/protocols/dht/placement"
	"meshsim/protocols/task"
)

func TestValidate(t *testing.T) {
	good := placement.Default()
	if p := good.Validate(); p != nil {
		t.Errorf("the default is refused: %v", p)
	}
	for _, c := range []struct {
		path   string
		change func(c *placement.Config)
	}{
		{"virtual", func(c *placement.Config) { c.Virtual = 0 }},
		{"virtual", func(c *placement.Config) { c.Virtual = 257 }},
		{"copies", func(c *placement.Config) { c.Copies = -1 }},
		{"copies", func(c *placement.Config) { c.Copies = 17 }},
		{"renew", func(c *placement.Config) { c.Renew = time.Microsecond }},
		{"patience", func(c *placement.Config) { c.Patience = time.Second }},
	} {
		d := placement.Default()
		c.change(&d)
		p := d.Validate()
		if len(p) != 1 || p[0].Path != c.path || !strings.HasPrefix(p[0].Message, "is ") {
			t.Errorf("%s: %v", c.path, p)
		}
	}
}

func TestNewPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a wrong configuration is taken")
		}
	}()
	placement.New(task.Default(), placement.Config{})
}
