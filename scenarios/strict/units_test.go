package strict

import (
	"encoding"
	"math/big"
	"testing"
	"time"

	"meshsim/protocols/draw"
)

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "1ns": 1, "20us": 20e3, "20µs": 20e3, "20μs": 20e3, "1.5ms": 1.5e6, "1m30s": 90e9, "-5ms": -5e6,
		"0.000000001s": 1, "2562047h47m16.854775807s": 1<<63 - 1, "1h0.5m": 3630e9,
	} {
		got, err := ParseDuration(text)
		if err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", text, got, err, want)
		}
		if again, err := ParseDuration(got.String()); err != nil || again != got {
			t.Errorf("%s is printed as %s and read as %v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "-", "5", "-5", "5 s", "5sec", "1.5ns", "s", ".5s", "5.s", "1e3s", "01s", "1d", "5s ", "+5s",
		"2562047h47m16.854775808s", "9999999999999999999h", "0.1234567890123456789s", "1s-1s"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestProbabilities(t *testing.T) {
	for text, want := range map[string]draw.Probability{
		"0": 0, "0%": 0, "100%": draw.Always, "1/1": draw.Always, "50%": 1 << 63, "0.5": 1 << 63, "1/2": 1 << 63,
		"1/3": draw.Ratio(1, 3), "5%": draw.Ratio(1, 20), "0.05": draw.Ratio(1, 20), "0.01%": draw.Ratio(1, 10000),
		"12.5 %": 1 << 61, "99.99999999999999%": draw.Ratio(9999999999999999, 10000000000000000),
	} {
		if got, err := ParseProbability(text); err != nil || got != want {
			t.Errorf("%s = %#x, %v; want %#x", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1", "1.0", "1.1", "101%", "-1%", "%", "1/0", "2/1", "1/3%", "1e-3", ".5", "five", "5%%", "1/2/3"} {
		if got, err := ParseProbability(text); err == nil {
			t.Errorf("%q is read as %#x", text, got)
		}
	}
}

// Every probability has a text that is read back to the same 64 bits.
func TestProbabilitiesRoundTrip(t *testing.T) {
	r := draw.New(7)
	cases := []draw.Probability{0, 1, 2, draw.Always, draw.Always - 1, draw.Ratio(1, 3), draw.Ratio(1, 7), 1 << 63}
	for i := range 2000 {
		cases = append(cases, draw.Probability(r.Uint64()>>(i%64)))
	}
	for _, p := range cases {
		text := FormatProbability(p)
		if got, err := ParseProbability(text); err != nil || got != p {
			t.Fatalf("%#x is written %s and read as %#x, %v", uint64(p), text, uint64(got), err)
		}
	}
	for text, p := range map[string]draw.Probability{"1%": draw.Ratio(1, 100), "0.5%": draw.Ratio(5, 1000), "1/3": draw.Ratio(1, 3), "100%": draw.Always} {
		if got := FormatProbability(p); got != text {
			t.Errorf("%s is written %s", text, got)
		}
	}
}

// A decimal is taken as it stands: floor(x·2^64), which float64 misses.
func TestProbabilitiesAreExact(t *testing.T) {
	for _, text := range []string{"0.1", "0.3", "0.7", "0.123456789012345678", "0.999999999999999999"} {
		x, _ := new(big.Rat).SetString(text)
		x.Mul(x, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 64)))
		want := new(big.Int).Quo(x.Num(), x.Denom()).Uint64()
		if got, err := ParseProbability(text); err != nil || uint64(got) != want {
			t.Errorf("%s = %#x, %v; want %#x", text, uint64(got), err, want)
		}
	}
}

func TestQuantities(t *testing.T) {
	read := func(v encoding.TextUnmarshaler, text string) error { return v.UnmarshalText([]byte(text)) }
	for text, want := range map[string]Size{"0": 0, "64B": 64, "1kB": 1000, "1KiB": 1024, "1.5KiB": 1536, "2 MiB": 2 << 20, "0B": 0, "8388607TiB": 8388607 << 40} {
		var z Size
		if err := read(&z, text); err != nil || z != want {
			t.Errorf("size %s = %d, %v", text, z, err)
		}
	}
	for _, text := range []string{"", "64", "1.5B", "-1B", "1kb", "1K", "1 kilobyte", "9000000TiB", "0.3kiB", "01B"} {
		var z Size
		if read(&z, text) == nil {
			t.Errorf("size %q is read as %d", text, z)
		}
	}
	for text, want := range map[string]Bandwidth{"unlimited": 0, "100Mbit/s": 100e6, "1bit/s": 1, "2.5Gbit/s": 2500e6, "56kbit/s": 56e3} {
		var w Bandwidth
		if err := read(&w, text); err != nil || w != want {
			t.Errorf("bandwidth %s = %d, %v", text, w, err)
		}
	}
	for _, text := range []string{"0", "0bit/s", "100", "10mbps", "10Mbps", "12MB/s", "10 Mbit"} {
		var w Bandwidth
		if read(&w, text) == nil {
			t.Errorf("bandwidth %q is read as %d", text, w)
		}
	}
	for text, want := range map[string]Rate{"5/s": {5, 1e9}, "0.5/s": {1, 2e9}, "30/min": {30, 60e9}, "1/250ms": {1, 250e6}, "2.5 / h": {5, 7200e9}, "1000/s": {1000, 1e9}} {
		var r, again Rate
		if err := read(&r, text); err != nil || r != want {
			t.Errorf("rate %s = %+v, %v", text, r, err)
		}
		b, _ := r.MarshalText()
		if err := read(&again, string(b)); err != nil || again != r {
			t.Errorf("rate %s is written %s and read as %+v, %v", text, b, again, err)
		}
	}
	for _, text := range []string{"", "5", "5/", "/s", "0/s", "-5/s", "5/0s", "5/d", "2/ns", "5s"} {
		var r Rate
		if read(&r, text) == nil {
			t.Errorf("rate %q is read as %+v", text, r)
		}
	}
	if got := (Rate{5, time.Second}).Interval(); got != 200*time.Millisecond {
		t.Errorf("5/s is one each %v", got)
	}
	for text, want := range map[string]Drift{"50ppm": 50_000, "-0.5ppm": -500, "7ppb": 7, "0": 0} {
		var d Drift
		if err := read(&d, text); err != nil || d != want {
			t.Errorf("drift %s = %d, %v", text, d, err)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"count", "latency", "duration", "fanout", "at", "topology"}
	for s, want := range map[string]string{
		"cuont": "count", "latncy": "latency", "Latency": "latency", "duratoin": "duration", "fanuot": "fanout",
		"topolgy": "topology", "wxyz": "", "": "", "xt": "at", "kilimanjaro": "",
	} {
		if got := Nearest(s, words); got != want {
			t.Errorf("%q is nearest to %q, want %q", s, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"ca", "abc", 3}, {"kitten", "sitting", 3}, {"äö", "öä", 1}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != got {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
