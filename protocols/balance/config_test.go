package balance_test

import (
	"strings"
	"testing"

	"meshsim/protocols/balance"
	"meshsim/protocols/draw"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		path   string
		change func(c *balance.Config)
	}{
		{"", func(*balance.Config) {}},
		{"", func(c *balance.Config) { c.Low, c.Hysteresis, c.High = draw.Ratio(1, 2), 0, draw.Ratio(51, 100) }},
		{"low", func(c *balance.Config) { c.Low = draw.Ratio(9, 10) }},
		{"low", func(c *balance.Config) { c.Low = c.High }},
		{"hysteresis", func(c *balance.Config) { c.Hysteresis = draw.Ratio(6, 10) }},
		{"high", func(c *balance.Config) { c.High = 0 }},
		{"full", func(c *balance.Config) { c.Full = 0 }},
		{"cool_down", func(c *balance.Config) { c.CoolDown = -1 }},
		{"batch", func(c *balance.Config) { c.Batch = 0 }},
		{"bandwidth", func(c *balance.Config) { c.Bandwidth = -1 }},
		{"interval", func(c *balance.Config) { c.Interval = 0 }},
		{"reports", func(c *balance.Config) { c.Reports = "rumours" }},
		{"fanout", func(c *balance.Config) { c.Fanout = 0 }},
		{"fresh", func(c *balance.Config) { c.Fresh = c.Interval / 2 }},
	} {
		b := balance.Default()
		c.change(&b)
		p := b.Validate()
		if len(p) == 0 && c.path != "" || len(p) > 0 && !strings.HasPrefix(p[0].Error(), c.path) || len(p) > 0 && c.path == "" {
			t.Errorf("%s: %v", c.path, p)
		}
	}
}
