package guard

import (
	"strings"

	"meshsim/protocols"
)

// Direction says which values of a metric are better.
type Direction string

// The directions. Of a metric with neither, a change is told and never a fault.
const (
	Smaller Direction = "smaller"
	Larger  Direction = "larger"
	Neither Direction = "neither"
)

// direction is that of a metric.
func direction(specs []protocols.MetricSpec, name string) Direction {
	for _, spec := range specs {
		if spec.Name == name {
			return of(spec)
		}
	}
	return Neither
}

func of(spec protocols.MetricSpec) Direction {
	switch {
	case spec.Goal:
		return Larger
	case strings.HasPrefix(spec.Name, "run."):
		return Neither
	}
	return Smaller
}
