package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var nan, inf = math.NaN(), math.Inf(1)

// cases are charts that must be drawn without a flaw, from the usual to the
// absurd.
func cases() map[string]*Chart {
	long := strings.Repeat("a very long name that nobody would give to anything ", 5)
	seconds := Axis{Label: "simulated time", Unit: "s"}
	many := &Chart{Title: "Many faults", X: seconds, Y: Axis{Label: "live", Unit: "1"},
		Curves: []Curve{{Name: "a", X: []float64{0, 100}, Y: []float64{1e6, 999000}}}}
	for i := range 40 {
		many.Spans = append(many.Spans, Span{"fault number " + strconv.Itoa(i), 2 * float64(i), 2*float64(i) + 1.5})
	}
	six := &Chart{Title: "Six curves", X: seconds, Y: Axis{Label: "coverage", Unit: "ratio"}}
	for i := range 6 {
		c := Curve{Name: "fanout " + strconv.Itoa(i)}
		for k := range 50 {
			x := float64(k) / 5
			y := 1 / (1 + math.Exp(4-x*(0.6+0.2*float64(i))))
			c.X, c.Y = append(c.X, x), append(c.Y, y)
			c.Lo, c.Hi = append(c.Lo, y-0.02), append(c.Hi, y+0.02)
		}
		six.Curves = append(six.Curves, c)
	}
	all := map[string]*Chart{
		"partition": coverage(61),
		"empty":     {Title: "Nothing", X: seconds, Y: Axis{Label: "coverage", Unit: "ratio"}},
		"empty-log": {Title: "Nothing", X: seconds, Y: Axis{Label: "variance", Unit: "1", Log: true}, Spans: []Span{{"partition", 1, 2}}},
		"nan":       {Title: "No numbers", X: seconds, Y: Axis{Label: "v", Unit: "1"}, Curves: []Curve{{Name: "nan", X: []float64{0, 1}, Y: []float64{nan, inf}}}},
		"point":     {Title: "One point", X: seconds, Y: Axis{Label: "v", Unit: "1"}, Curves: []Curve{{Name: "one", X: []float64{3}, Y: []float64{7}}}},
		"gap":       {Title: "A gap", X: seconds, Y: Axis{Label: "v", Unit: "1"}, Curves: []Curve{{Name: "gap", X: []float64{0, 1, 2, 3, 4}, Y: []float64{1, 2, nan, 2, 3}}}},
		"zero":      {Title: "All zero", X: seconds, Y: Axis{Label: "v", Unit: "B/s"}, Curves: []Curve{{Name: "zero", X: []float64{0, 1}, Y: []float64{0, 0}}}},
		"constant":  {Title: "Constant", X: seconds, Y: Axis{Label: "v", Unit: "s"}, Curves: []Curve{{Name: "c", X: []float64{0, 1}, Y: []float64{0.123456, 0.123456}}}},
		"negative":  {Title: "Below zero", X: seconds, Y: Axis{Label: "offset", Unit: "s"}, Curves: []Curve{{Name: "c", X: []float64{0, 1, 2}, Y: []float64{-0.004, 0.003, -0.001}}}},
		"log-zero":  {Title: "Zeros on a log axis", X: seconds, Y: Axis{Label: "residue", Unit: "ratio", Log: true}, Curves: []Curve{{Name: "c", X: []float64{0, 1, 2, 3, 4}, Y: []float64{1, 0.01, 0, 0.0001, 0}}}},
		"hours":     {Title: "A day", X: seconds, Y: Axis{Label: "traffic", Unit: "B/s"}, Curves: []Curve{{Name: "c", Steps: true, X: []float64{3600, 43200, 86400}, Y: []float64{1e6, 3.3e6, 2e6}}}},
		"tiny":      {Title: "Microseconds", X: seconds, Y: Axis{Label: "backlog", Unit: "messages"}, Curves: []Curve{{Name: "c", X: []float64{0, 1e-5, 2e-5}, Y: []float64{0, 12000, 7}}}},
		"long":      {Title: long, Subtitle: long, Note: long, X: Axis{Label: long, Unit: "s"}, Y: Axis{Label: long, Unit: long}, Curves: []Curve{{Name: long, X: []float64{0, 1}, Y: []float64{0, 1}}}, Spans: []Span{{long, 0.2, 0.4}}},
		"markup":    {Title: "<script>&\"'", X: seconds, Y: Axis{Label: "</svg>", Unit: "1"}, Curves: []Curve{{Name: "a < b & c", X: []float64{0, 1}, Y: []float64{0, 1}}}, Spans: []Span{{"<b>", 0, 1}}},
		"control":   {Title: "a\x1b[31mred\x01\x7f\ufffe", X: seconds, Y: Axis{Label: "v\x00", Unit: "1"}, Curves: []Curve{{Name: "\u0085b", X: []float64{0, 1}, Y: []float64{0, 1}}}},
		"foreign":   {Title: "日本語 Ωμ 😀 − “q” العربية", X: seconds, Y: Axis{Label: "v", Unit: "1"}, Curves: []Curve{{Name: "ελ ж", X: []float64{0, 1}, Y: []float64{0, 1}}}},
		"many":      many,
		"six":       six,
		"bars": {Title: "Histogram", X: Axis{Label: "messages", Unit: "1"}, Y: Axis{Label: "nodes", Unit: "1", Zero: true},
			Bars: []Bars{{"sent", []float64{0, 10, 20, 30, 40}, []float64{0, 12000, 23000, 400}}, {"received", []float64{0, 10, 20, 30, 40}, []float64{3000, 9000, 20000, 3400}}}},
	}
	maps.Copy(all, marks())
	return all
}

// coverage resembles a gossip run that a partition holds up.
func coverage(points int) *Chart {
	c := &Chart{
		Title:    "Coverage over time: gossip-partition, 1,000 nodes",
		Subtitle: "share of the live nodes that have the rumor",
		X:        Axis{Label: "simulated time", Unit: "s"},
		Y:        Axis{Label: "coverage", Unit: "ratio", Lo: 0, Hi: 1},
		Spans:    []Span{{"partition (333 nodes)", 5, 15}, {"crash (80 nodes)", 8, 12}, {"loss", 9, 11}, {"restart", 21, 21}},
	}
	cu := Curve{Name: "mean and 95% confidence interval, n = 30"}
	for i := range points {
		t := 30 * float64(i) / float64(max(points-1, 1))
		a, b := 1/(1+math.Exp(-1.5*(t-4))), 1/(1+math.Exp(-1.2*(t-17)))
		v := 0.7*a + 0.3*b
		cu.X, cu.Y = append(cu.X, t), append(cu.Y, v)
		cu.Lo, cu.Hi = append(cu.Lo, max(0, v-0.12*v*(1-v))), append(cu.Hi, min(1, v+0.12*v*(1-v)))
	}
	c.Curves = []Curve{cu}
	return c
}

var texts = regexp.MustCompile(`<text x="([-0-9.e]+)" y="([-0-9.e]+)" transform="scale\(1, -1\)" style="[^"]*font-size:([0-9.]+)px[^"]*">([^<]*)</text>`)

// Every chart is well-formed, comes out the same twice, holds no number that is
// none, and keeps its text on the paper and apart. With PICTURES set, bitmaps
// are left there to look at.
func TestCharts(t *testing.T) {
	for name, c := range cases() {
		t.Run(name, func(t *testing.T) {
			var svg, again bytes.Buffer
			if err := errors.Join(c.SVG(&svg), c.SVG(&again)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(svg.Bytes(), again.Bytes()) {
				t.Error("other bytes the second time")
			}
			wellFormed(t, svg.String())
			wellFormed(t, c.Inline())
			if strings.Contains(svg.String(), "NaN") || strings.Contains(svg.String(), "Inf") {
				t.Error("a coordinate is not a number")
			}
			textApart(t, c, svg.String())
			pdfTwice(t, c)
			if dir := os.Getenv("PICTURES"); dir != "" {
				for ending, write := range map[string]func(io.Writer) error{"png": c.PNG, "pdf": c.PDF} {
					var b bytes.Buffer
					if err := errors.Join(write(&b), os.WriteFile(filepath.Join(dir, "chart."+name+"."+ending), b.Bytes(), 0o644)); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// pdfTwice writes PDF, which knows no date and has one order.
func pdfTwice(t *testing.T, c *Chart) {
	t.Helper()
	var pdf, again bytes.Buffer
	if err := errors.Join(c.PDF(&pdf), c.PDF(&again)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pdf.Bytes(), again.Bytes()) {
		t.Error("another PDF the second time")
	}
	if !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) || bytes.Contains(pdf.Bytes(), []byte("NaN")) || pdf.Len() > 100_000 {
		t.Errorf("a PDF of %d bytes that begins with %.5q", pdf.Len(), pdf.Bytes())
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
}

// textApart fails if two texts, but for the turned one, meet or leave the paper.
func textApart(t *testing.T, c *Chart, svg string) {
	t.Helper()
	width, height := c.paper()
	type box struct {
		x0, y0, x1, y1 float64
		text           string
	}
	var boxes []box
	for _, m := range texts.FindAllStringSubmatch(svg, -1) {
		number := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v }
		x, y, size := number(m[1]), -number(m[2]), number(m[3])
		if x == 0 && y == 0 {
			continue // turned
		}
		text := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'").Replace(m[4])
		w := regular(1).Width(text).Points() * size
		b := box{x, y, x + w, y + size*0.7, m[4]}
		if b.x0 < 0 || b.y0 < 0 || b.x1 > width.Points() || b.y1 > height.Points() {
			t.Errorf("%q leaves the paper: %v", b.text, b)
		}
		for _, o := range boxes {
			if b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 {
				t.Errorf("%q and %q meet", o.text, b.text)
			}
		}
		boxes = append(boxes, b)
	}
	if len(boxes) == 0 {
		t.Error("no text found")
	}
}

func TestPNG(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(coverage(61).PNG(&a), coverage(61).PNG(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || !bytes.HasPrefix(a.Bytes(), []byte("\x89PNG")) {
		t.Error("not the same bitmap twice")
	}
}

// A page in the dark must find all colours as properties, none fixed but those
// that are data.
func TestInlineTakesThePagesColours(t *testing.T) {
	for name, c := range cases() {
		if c.Cells != nil {
			continue
		}
		fixed := regexp.MustCompile(`:#[0-9A-F]{6}`).FindString(c.Inline())
		if fixed != "" {
			t.Errorf("%s: colour %s is fixed", name, fixed)
		}
	}
}
