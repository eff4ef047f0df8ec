package zones

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestShippedMatrices(t *testing.T) {
	const us = time.Microsecond
	for _, c := range []struct {
		name                      string
		zones                     int
		from, to                  string
		oneWay, excess, deviation time.Duration
		full                      bool
	}{
		// af-south-1,ap-east-1,382.854,382.868,382.930,0.752
		{"aws19", 19, "af-south-1", "ap-east-1", 191427 * us, 7 * us, 531744, true},
		// asia-east1,asia-east2,12.766,18.908,66.849,0.873
		{"gcp20", 20, "asia-east1", "asia-east2", 6383 * us, 3071 * us, 617304, true},
		{"planetlab490", 490, "planetlab-0", "planetlab-3", 60710 * us, 0, 0, false},
	} {
		m, err := Lookup(c.name)
		if err != nil {
			t.Fatal(err)
		}
		n := len(m.Names)
		if n != c.zones || len(m.OneWay) != n*n {
			t.Errorf("%s: %d zones, %d latencies", c.name, n, len(m.OneWay))
		}
		from, _ := m.Index(c.from)
		to, ok := m.Index(c.to)
		if !ok {
			t.Fatalf("%s: no zone %s", c.name, c.to)
		}
		if got := m.OneWay[from*n+to]; got != c.oneWay {
			t.Errorf("%s: %v from %s to %s, want %v", c.name, got, c.from, c.to, c.oneWay)
		}
		if c.full != (m.Excess != nil && m.Deviation != nil) {
			t.Errorf("%s: excess and deviation measured: %v", c.name, !c.full)
		}
		if c.full {
			if e, d := m.Excess[from*n+to], m.Deviation[from*n+to]; e != c.excess || d != c.deviation {
				t.Errorf("%s: excess %v, deviation %v; want %v, %v", c.name, e, d, c.excess, c.deviation)
			}
		}
		checkPlausible(t, c.name, m)
	}
	m, _ := Lookup("planetlab490")
	all := slices.Clone(m.OneWay)
	slices.Sort(all)
	if got := all[len(all)/2]; got.Round(time.Millisecond) != 67*time.Millisecond {
		t.Errorf("planetlab490: the median latency is %v, want 67ms", got)
	}
}

// checkPlausible asks for positive latencies that differ little with the
// direction, and short ones within a zone.
func checkPlausible(t *testing.T, name string, m *Matrix) {
	t.Helper()
	n := len(m.Names)
	for i := range n {
		for j := range n {
			d, back := m.OneWay[i*n+j], m.OneWay[j*n+i]
			switch {
			case i == j && d > 5*time.Millisecond:
				t.Errorf("%s: %v within %s", name, d, m.Names[i])
			case i != j && (d <= 0 || d > 2*time.Second):
				t.Errorf("%s: %v from %s to %s", name, d, m.Names[i], m.Names[j])
			case math.Abs(float64(d-back)) > 0.25*float64(max(d, back)):
				t.Errorf("%s: %v from %s to %s, %v back", name, d, m.Names[i], m.Names[j], back)
			}
		}
	}
}

func TestLookupOfUnknownName(t *testing.T) {
	_, err := Lookup("aws")
	want := `no matrix "aws"; there are aws19, gcp20, planetlab490, or write the path of a CSV file`
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestReadSquare(t *testing.T) {
	m, err := Read(strings.NewReader("# my sites\nms, a, b,c\nb,20,0,40.5\na,,,8\nc,,41,0.5\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{0, 10e6, 4e6, 10e6, 0, 20.25e6, 4e6, 20.5e6, 0.25e6}
	if !slices.Equal(m.Names, []string{"a", "b", "c"}) || !slices.Equal(m.OneWay, want) || m.Excess != nil || m.Deviation != nil {
		t.Errorf("matrix is %+v", m)
	}
}

func TestReadLong(t *testing.T) {
	m, err := Read(strings.NewReader("from,to,avg,min,mdev\nx,y,11,10,2\ny,y,1,1,0\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.OneWay, []time.Duration{0, 5e6, 5e6, 0.5e6}) ||
		!slices.Equal(m.Excess, []time.Duration{0, 0.5e6, 0.5e6, 0}) ||
		!slices.Equal(m.Deviation, []time.Duration{0, 1414214, 1414214, 0}) {
		t.Errorf("matrix is %+v", m)
	}
	if m, err = Read(strings.NewReader("\ufefffrom_region,to_region,rtt_ms\nx,y,10\n")); err != nil || m.OneWay[1] != 5e6 {
		t.Errorf("matrix is %+v, %v", m, err)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "the file is empty; write a row of zone names first"},
		{"x", "line 1: 0 zones; write from 1 to 2000 after the first cell"},
		{",a,a\n", `line 1: zone "a" is there twice or has no name`},
		{",a,b\na,0\n", "line 2: wrong number of fields"},
		{",a,b\na,0,5\nc,5,0\n", `line 3: zone "c" is not in the first row`},
		{",a,b\na,0,5\na,5,0\n", `line 3: zone "a" has a row already`},
		{",a,b\na,0,\n", `no time between zones "a" and "b" in either direction`},
		{",a,b\na,0,5ms\n", `line 2: "5ms" is not a round-trip time; write milliseconds from 0 to 1000000 without a unit`},
		{",a,b\na,0,-5\n", `line 2: "-5" is not a round-trip time; write milliseconds from 0 to 1000000 without a unit`},
		{",a,b\na,0,NaN\n", `line 2: "NaN" is not a round-trip time; write milliseconds from 0 to 1000000 without a unit`},
		{"from,to\n", "line 1: write the columns from, to and either rtt or min"},
		{"from,to,rtt,min\n", "line 1: write the columns from, to and either rtt or min"},
		{"from,to,rtt,loss\n", `line 1: column "loss" is unknown or there twice; write from, to, rtt or from, to, min, avg, max, mdev`},
		{"from,to,rtt\na,b,5\n\na,b,5\n", `line 4: the way from "a" to "b" is there already`},
		{"from,to,rtt\n", "there is no row below the names of the columns; write one for each pair of zones"},
		{"from,to,min,avg\na,b,5,4\n", "line 2: min 5, avg 4, max NaN are out of order"},
		{"from,to,rtt\na,\"b,5\n", `line 2: extraneous or missing " in quoted-field`},
	} {
		if _, err := Read(strings.NewReader(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%q: error is %v, want %s", c.text, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(",a,b\na,0,1\nb,1,0\n")
	f.Add("from,to,min,avg,max,mdev\na,b,1,2,3,0.5\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		n := len(m.Names)
		if len(m.OneWay) != n*n || slices.Min(append(m.OneWay, 0)) < 0 {
			t.Errorf("matrix is %+v", m)
		}
	})
}
