package strict

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
)

// A Size is a number of bytes: 64B, 1kB (1000), 1KiB (1024), up to TiB.
type Size int64

// A Bandwidth is a rate of a line in bits a second: 100Mbit/s. 0, written
// unlimited, has no bound.
type Bandwidth int64

// A Bound is a size that something must not exceed. 0, written unlimited, is
// none.
type Bound int64

// A Drift is how fast a clock runs ahead, in parts per billion: 50ppm, 200ppb.
type Drift int64

// A Rate is how often something happens: Count times in each Per, as in 5/s,
// 0.5/s, 30/min or 1/250ms. The zero Rate is never.
type Rate struct {
	Count int64
	Per   time.Duration
}

// Interval is the mean time between two, 0 for the zero Rate.
func (r Rate) Interval() time.Duration {
	if r.Count == 0 {
		return 0
	}
	return r.Per / time.Duration(r.Count)
}

type unit struct {
	name string
	size int64
}

var (
	durationUnits = []unit{{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"μs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}
	sizeUnits     = []unit{{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}, {"B", 1}}
	bitUnits      = []unit{{"Tbit/s", 1e12}, {"Gbit/s", 1e9}, {"Mbit/s", 1e6}, {"kbit/s", 1e3}, {"bit/s", 1}}
	byteRates     = []unit{{"TB/s", 8e12}, {"GB/s", 8e9}, {"MB/s", 8e6}, {"kB/s", 8e3}, {"B/s", 8}}
	driftUnits    = []unit{{"ppm", 1000}, {"ppb", 1}}
	perUnits      = []unit{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"min", 60e9}, {"h", 3600e9}}
)

// decimal reads an unsigned decimal number exactly.
func decimal(s string) (*big.Rat, bool) {
	const digits = 18 // enough for 2^59, and for 1ns in a century
	whole, part, point := strings.Cut(s, ".")
	for _, d := range []string{whole, part} {
		if len(d) > digits || strings.Trim(d, "0123456789") != "" {
			return nil, false
		}
	}
	if whole == "" || point && part == "" || len(whole) > 1 && whole[0] == '0' {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// number splits "1.5ms" into its number and the rest.
func number(s string) (x *big.Rat, rest string, ok bool) {
	end := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(s)
	}
	x, ok = decimal(s[:end])
	return x, s[end:], ok
}

// times returns x·size as a whole number.
func times(x *big.Rat, size int64) (int64, bool) {
	y := new(big.Rat).Mul(x, new(big.Rat).SetInt64(size))
	if !y.IsInt() || !y.Num().IsInt64() {
		return 0, false
	}
	return y.Num().Int64(), true
}

func find(units []unit, name string) (int64, bool) {
	for _, u := range units {
		if u.name == name {
			return u.size, true
		}
	}
	return 0, false
}

// quantity reads a number with one of the units; signed ones may begin with -.
func quantity(s string, units []unit, signed bool) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	if negative && !signed {
		return 0, false
	}
	x, rest, ok := number(digits)
	if !ok {
		return 0, false
	}
	size, ok := find(units, strings.TrimLeft(rest, " "))
	if !ok {
		return 0, false
	}
	v, ok := times(x, size)
	if negative {
		v = -v
	}
	return v, ok
}

// largest writes v in the largest unit that divides it.
func largest(v int64, units []unit) string {
	if v == 0 {
		return "0"
	}
	for _, u := range units {
		if v%u.size == 0 {
			return fmt.Sprintf("%d%s", v/u.size, u.name)
		}
	}
	panic("strict: no unit of 1")
}

// unitless says of a text that is only a number how to write it with a unit.
func unitless(s string, first, second string) (error, bool) {
	if _, ok := decimal(strings.TrimPrefix(s, "-")); !ok {
		return nil, false
	}
	return fmt.Errorf("%s has no unit; write %s%s or %s%s", quote(s), s, first, s, second), true
}

// UnmarshalText reads a size with its unit.
func (z *Size) UnmarshalText(b []byte) error {
	s := string(b)
	if v, ok := quantity(s, sizeUnits, false); ok || s == "0" {
		*z = Size(v)
		return nil
	}
	if err, is := unitless(s, "B", "KiB"); is {
		return err
	}
	return fmt.Errorf("%s is not a size; write whole bytes as B, kB, MB, GB, KiB, MiB or GiB, as in 1KiB", quote(s))
}

// MarshalText writes the size in its largest whole unit.
func (z Size) MarshalText() ([]byte, error) { return []byte(largest(int64(z), sizeUnits)), nil }

// UnmarshalText reads a size, or unlimited.
func (n *Bound) UnmarshalText(b []byte) error {
	if string(b) == "unlimited" {
		*n = 0
		return nil
	}
	if err := (*Size)(n).UnmarshalText(b); err != nil {
		return err
	}
	if *n == 0 {
		return fmt.Errorf("%s leaves no room; write a size from 1B on, or unlimited", quote(string(b)))
	}
	return nil
}

// MarshalText writes the size in its largest whole unit.
func (n Bound) MarshalText() ([]byte, error) {
	if n == 0 {
		return []byte("unlimited"), nil
	}
	return Size(n).MarshalText()
}

// UnmarshalText reads a bandwidth in bits a second.
func (w *Bandwidth) UnmarshalText(b []byte) error {
	s := string(b)
	if v, ok := quantity(s, bitUnits, false); ok && v > 0 {
		*w = Bandwidth(v)
		return nil
	}
	if s == "unlimited" {
		*w = 0
		return nil
	}
	if v, ok := quantity(s, byteRates, false); ok && v > 0 {
		return fmt.Errorf("%s is in bytes; bandwidth is in bits: write %s", quote(s), largest(v, bitUnits))
	}
	if err, is := unitless(s, "Mbit/s", "kbit/s"); is && s != "0" {
		return err
	}
	return fmt.Errorf("%s is not a bandwidth; write bits as 100Mbit/s, or unlimited (mbps is bytes to some tools and bits to others)", quote(s))
}

// MarshalText writes the bandwidth in its largest whole unit.
func (w Bandwidth) MarshalText() ([]byte, error) {
	if w == 0 {
		return []byte("unlimited"), nil
	}
	return []byte(largest(int64(w), bitUnits)), nil
}

// UnmarshalText reads a drift in parts per million or billion.
func (d *Drift) UnmarshalText(b []byte) error {
	s := string(b)
	v, ok := quantity(s, driftUnits, true)
	if ok || s == "0" {
		*d = Drift(v)
		return nil
	}
	if err, is := unitless(s, "ppm", "ppb"); is {
		return err
	}
	return fmt.Errorf("%s is not a drift; write 50ppm or 200ppb", quote(s))
}

// MarshalText writes the drift in ppm, or ppb if need be.
func (d Drift) MarshalText() ([]byte, error) { return []byte(largest(int64(d), driftUnits)), nil }

// UnmarshalText reads a count for each unit of time.
func (r *Rate) UnmarshalText(b []byte) error {
	s := string(b)
	bad := fmt.Errorf("%s is not a rate; write 5/s, 0.5/s, 30/min or 1/250ms", quote(s))
	left, right, slash := strings.Cut(s, "/")
	if !slash {
		if err, is := unitless(s, "/s", "/min"); is {
			return err
		}
		return bad
	}
	x, ok := decimal(strings.TrimSpace(left))
	right = strings.TrimSpace(right)
	per, known := find(perUnits, right)
	if d, err := ParseDuration(right); !known && err == nil {
		per = int64(d)
	}
	if !ok || per <= 0 || x.Sign() <= 0 {
		return bad
	}
	// Count/Per in lowest terms, the count a whole number.
	count, time_ := x.Num(), new(big.Int).Mul(x.Denom(), big.NewInt(per))
	if !count.IsInt64() || !time_.IsInt64() || count.Cmp(time_) > 0 {
		return fmt.Errorf("%s is outside 1/292 years … 1/ns", quote(s))
	}
	*r = Rate{count.Int64(), time.Duration(time_.Int64())}
	return nil
}

// MarshalText writes the count and the time.
func (r Rate) MarshalText() ([]byte, error) {
	per := FormatDuration(r.Per)
	for _, u := range perUnits {
		if int64(r.Per) == u.size {
			per = u.name
		}
	}
	return fmt.Appendf(nil, "%d/%s", r.Count, per), nil
}

// parseFloat reads a plain decimal number; it decides no event.
func parseFloat(s string) (float64, error) {
	digits, negative := strings.CutPrefix(s, "-")
	x, ok := decimal(digits)
	if !ok {
		return 0, fmt.Errorf("expected a number such as 1.5, got %s", quote(s))
	}
	f, _ := x.Float64()
	if negative {
		f = math.Copysign(f, -1)
	}
	return f, nil
}
