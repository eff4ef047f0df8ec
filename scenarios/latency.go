package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols/draw"
)

// Jitter is what is added to a latency at random. Four of its forms lie on one
// side: their mean is the jitter, so a base that is the smallest latency ever
// measured stays the smallest.
type Jitter struct {
	Jitter       time.Duration `key:"jitter" default:"0s" max:"1h" doc:"how much the latency varies; what it measures is the distribution's affair"`
	Distribution string        `key:"distribution" default:"uniform" enum:"constant,uniform,normal,lognormal,exponential,pareto,empirical" doc:"constant: no jitter; uniform: base ± jitter; normal: standard deviation jitter; lognormal, exponential, pareto: added to the base, with mean jitter; empirical: added to the base as drawn from samples"`
	Tail         float64       `key:"tail" default:"3" min:"1.05" max:"100" doc:"of pareto: the exponent with which large values die out; at most 2 has no finite variance"`
	Samples      string        `key:"samples" doc:"of empirical: a file with one duration a line, such as 1.5ms"`
}

// dist is the distribution of what is added, nil if that is nothing.
func (j *Jitter) dist(samples func(file string) (*draw.Dist, error)) (*draw.Dist, error) {
	v := int64(j.Jitter)
	switch {
	case j.Distribution == "empirical":
		return samples(j.Samples)
	case v == 0:
		return nil, nil
	}
	switch j.Distribution {
	case "uniform":
		return draw.Uniform(-v, v+1), nil
	case "normal":
		return draw.Normal(0, v)
	case "lognormal":
		return draw.Lognormal(0, v, v)
	case "exponential":
		return draw.Exponential(0, v)
	case "pareto":
		return lomax(v, j.Tail)
	}
	return nil, fmt.Errorf("constant latency has no jitter; leave it out or name another distribution")
}

// lomax is the Pareto distribution moved to begin at 0 (Pareto II), with that
// mean: scale/(shape-1).
func lomax(mean int64, shape float64) (*draw.Dist, error) {
	scale := max(int64(float64(float64(mean)*(shape-1))+0.5), 1)
	d, err := draw.Pareto(scale, shape)
	if err != nil {
		return nil, err
	}
	return d.Shifted(-scale), nil
}

// compileJitter returns the distribution, and reports what does not fit
// together.
func (c *compiler) compileJitter(j *Jitter, path string) *draw.Dist {
	empirical := j.Distribution == "empirical"
	switch {
	case empirical && j.Samples == "":
		c.Report(path+".distribution", "empirical needs samples: a file with one duration a line")
		return nil
	case empirical && j.Jitter != 0:
		c.Report(path+".jitter", "empirical takes its jitter from the samples; leave this out")
	case !empirical && j.Samples != "" && c.Written(path+".samples"):
		c.Report(path+".samples", "only distribution: empirical reads samples")
	case j.Distribution != "pareto" && c.Written(path+".tail") && !c.Written(path+".distribution"):
		c.Report(path+".tail", "only distribution: pareto has a tail")
	}
	d, err := j.dist(c.readSamples)
	if err != nil && (path == "network.default" || c.Written(path+".jitter") || c.Written(path+".distribution") || c.Written(path+".samples")) {
		where := path + ".jitter"
		if empirical {
			where = path + ".samples"
		}
		c.Report(where, "%v", err)
	}
	return d
}
