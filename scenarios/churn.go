package scenarios

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"meshsim/protocols/draw"
	"meshsim/scenarios/availability"
	"meshsim/sim"
)

// Churn lets each node go down and come back on its own.
type Churn struct {
	Nodes    Selector `key:"nodes" required:"true" example:"edge" doc:"who comes and goes"`
	Session  *Spell   `key:"session" doc:"how long a node stays up"`
	Downtime *Spell   `key:"downtime" doc:"how long it stays down"`
	Trace    string   `key:"trace" doc:"instead of session and downtime: a file of measured sessions in the format .avt; the nodes take its rows in turn"`
	Disk     string   `key:"disk" default:"keep" enum:"keep,lose,torn" doc:"whether what was durable is there when a node comes back, or with it a part of what was not"`
}

// Spell is the distribution of a time up or down.
type Spell struct {
	Distribution string       `key:"distribution" select:"true" default:"exponential" doc:"its form"`
	Exponential  *Exponential `case:"exponential" doc:"without memory: the mean alone"`
	Weibull      *Weibull     `case:"weibull" doc:"P(X > x) = exp(-(x/scale)^shape); shapes below 1 have many short and few very long times"`
	Pareto       *Pareto      `case:"pareto" doc:"P(X > x) = (minimum/x)^shape: a tail that dies out slowly"`
	Lognormal    *Lognormal   `case:"lognormal" doc:"the logarithm is normal with standard deviation sigma"`
	Constant     *Constant    `case:"constant" doc:"always the same"`
}

// The parameters of each form of [Spell]. Where two of the same kind are named,
// one of them is given.
type (
	Exponential struct {
		Mean time.Duration `key:"mean" short:"true" required:"true" example:"10m" min:"10us" max:"87600h" doc:"mean time"`
	}
	Weibull struct {
		Mean  time.Duration `key:"mean" one:"size" min:"10us" max:"87600h" doc:"mean time"`
		Scale time.Duration `key:"scale" one:"size" min:"10us" max:"87600h" doc:"the time that a share of 1/e exceeds"`
		Shape float64       `key:"shape" required:"true" example:"0.6" min:"0.05" max:"100" doc:"1 is exponential"`
	}
	Pareto struct {
		Mean    time.Duration `key:"mean" one:"size" min:"10us" max:"87600h" doc:"mean time; needs a shape above 1"`
		Minimum time.Duration `key:"minimum" one:"size" min:"10us" max:"87600h" doc:"no time is shorter"`
		Shape   float64       `key:"shape" required:"true" example:"1.5" min:"0.05" max:"100" doc:"up to 1 the mean is infinite"`
	}
	Lognormal struct {
		Mean   time.Duration `key:"mean" one:"size" min:"10us" max:"87600h" doc:"mean time"`
		Median time.Duration `key:"median" one:"size" min:"10us" max:"87600h" doc:"half of the times are longer"`
		Sigma  float64       `key:"sigma" required:"true" example:"1.5" min:"0.01" max:"10" doc:"standard deviation of the logarithm"`
	}
	Constant struct {
		Value time.Duration `key:"value" required:"true" example:"10m" min:"10us" max:"87600h" doc:"the time"`
	}
)

// dist is the distribution in nanoseconds.
func (s *Spell) dist() (*draw.Dist, error) {
	switch s.Distribution {
	case "exponential":
		return draw.Exponential(0, int64(s.Exponential.Mean))
	case "weibull":
		w := s.Weibull
		return sized(w.Mean, w.Scale, func(scale int64) (*draw.Dist, error) { return draw.Weibull(scale, w.Shape) })
	case "pareto":
		p := s.Pareto
		if p.Mean > 0 && p.Shape <= 1 {
			return nil, fmt.Errorf("a shape of %v has an infinite mean; write minimum instead of mean, or a shape above 1", p.Shape)
		}
		return sized(p.Mean, p.Minimum, func(least int64) (*draw.Dist, error) { return draw.Pareto(least, p.Shape) })
	case "lognormal":
		l := s.Lognormal
		return sized(l.Mean, l.Median, func(median int64) (*draw.Dist, error) { return draw.LognormalMedian(0, median, l.Sigma) })
	case "constant":
		return draw.Constant(int64(s.Constant.Value)), nil
	}
	panic("scenarios: unknown distribution " + s.Distribution)
}

// sized makes a distribution of that scale or, if mean is given, one that is
// scaled to it: package draw knows its means without floating point that would
// differ between machines.
func sized(mean, scale time.Duration, of func(scale int64) (*draw.Dist, error)) (*draw.Dist, error) {
	if mean == 0 {
		return of(int64(scale))
	}
	d, err := of(int64(mean))
	if err != nil {
		return nil, err
	}
	return d.Scaled(int64(mean), max(d.Mean(), 1)), nil
}

// compileChurn makes the kernel's churn but for its nodes.
func (c *compiler) compileChurn(ch *Churn, path string) sim.Churn {
	out := sim.Churn{LoseDisk: ch.Disk == "lose", TearDisk: ch.Disk == "torn"}
	switch drawn := ch.Session != nil || ch.Downtime != nil; {
	case ch.Trace != "" && drawn:
		c.Report(path+".trace", "trace stands with session or downtime; write one or the other")
	case ch.Trace != "":
		out.Sessions = c.readTrace(ch.Trace, path+".trace")
	case ch.Session == nil:
		c.Report(path, "session is missing; write session: {distribution: weibull, mean: 10m, shape: 0.6}, or trace: file.avt")
	case ch.Downtime == nil:
		c.Report(path, "downtime is missing; write downtime: 5m, or trace: file.avt")
	default:
		out.Session = c.spell(ch.Session, path+".session")
		out.Downtime = c.spell(ch.Downtime, path+".downtime")
	}
	return out
}

func (c *compiler) spell(s *Spell, path string) *draw.Dist {
	if c.Failed(path) {
		return nil
	}
	d, err := s.dist()
	if err != nil {
		c.Report(path, "%v", err)
	}
	return d
}

// readTrace reads measured sessions.
func (c *compiler) readTrace(file, path string) (sessions [][]sim.Span) {
	err := c.read(file, func(r io.Reader) error {
		trace, err := availability.Read(r)
		if err == nil {
			sessions = trace.Sessions()
		}
		return err
	})
	if err != nil {
		c.Report(path, "%v", err)
	}
	return sessions
}

// checkRole reports a role that no protocol of the mesh has.
func (c *compiler) checkRole(role, path string) bool {
	protocol, name, _ := strings.Cut(role, ".")
	var known []string
	for _, p := range c.descriptors() {
		for _, o := range p.Observations {
			known = append(known, p.Name+"."+o)
		}
		if p.Name == protocol && slices.Contains(p.Observations, name) {
			return true
		}
	}
	if !c.Failed("protocols") && !c.Failed("nodes") {
		c.Report(path, "no protocol that runs has the role %s%s", role, suggest(role, known))
	}
	return false
}
