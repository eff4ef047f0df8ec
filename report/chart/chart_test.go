package chart

import (
	"bytes"
	"math"
	"os"
	"testing"
)

// coverage resembles a gossip run that a partition holds up.
func coverage(points int) *Chart {
	c := &Chart{
		Title:    "Coverage over time",
		Subtitle: "share of the live nodes that have the rumor · gossip-partition, 1,000 nodes",
		X:        Axis{Label: "simulated time", Unit: "s"},
		Y:        Axis{Label: "coverage", Unit: "ratio", Lo: 0, Hi: 1},
		Spans:    []Span{{"partition (333 nodes)", 5, 15}, {"crash (80 nodes)", 8, 12}, {"loss", 9, 11}, {"restart", 21, 21}},
	}
	cu := Curve{Name: "mean of 30 runs with its 95% confidence interval"}
	for i := range points {
		t := 30 * float64(i) / float64(max(points-1, 1))
		a, b := 1/(1+math.Exp(-1.5*(t-4))), 1/(1+math.Exp(-1.2*(t-17)))
		v := 0.7*a + 0.3*b
		cu.X, cu.Y = append(cu.X, t), append(cu.Y, v)
		cu.Lo, cu.Hi = append(cu.Lo, max(0, v-0.03*v*(1-v)*4)), append(cu.Hi, min(1, v+0.03*v*(1-v)*4))
	}
	c.Curves = []Curve{cu}
	return c
}

// TestDraw writes pictures to look at where CHART_DIR says.
func TestDraw(t *testing.T) {
	c := coverage(61)
	var svg, again bytes.Buffer
	if err := c.SVG(&svg); err != nil {
		t.Fatal(err)
	}
	if err := c.SVG(&again); err != nil || !bytes.Equal(svg.Bytes(), again.Bytes()) {
		t.Error("the same chart gives other bytes")
	}
	if d := os.Getenv("CHART_DIR"); d != "" {
		var png bytes.Buffer
		c.PNG(&png)
		os.WriteFile(d+"/coverage.png", png.Bytes(), 0o644)
		os.WriteFile(d+"/coverage.svg", svg.Bytes(), 0o644)
	}
}
