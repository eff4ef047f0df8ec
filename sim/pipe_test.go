package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// A burst goes through a line at exactly its rate, wherever the line is, and
// lines in a row do not add up but for the first message.
func TestPipeRate(t *testing.T) {
	const count, size, rate = 50, 1250, 1_000_000 // 10 ms each
	line := Pipe{BitsPerSecond: rate}
	for _, x := range []struct {
		name  string
		lines int
		put   func(c *Config)
	}{
		{"uplink", 1, func(c *Config) { c.Groups[0].Uplink = line }},
		{"downlink", 1, func(c *Config) { c.Groups[0].Downlink = line }},
		{"link", 1, func(c *Config) { c.Network.Default.Pipe = line }},
		{"all", 3, func(c *Config) {
			c.Groups[0].Uplink, c.Groups[0].Downlink, c.Network.Default.Pipe = line, line, line
		}},
		{"slow after fast", 1, func(c *Config) {
			c.Groups[0].Uplink, c.Groups[0].Downlink = Pipe{BitsPerSecond: 1e15}, line
		}},
	} {
		f := one(count, 0)
		f.size = size
		f.run(t, 2, Link{Latency: Latency{Base: ms}}, x.put)
		for i, g := range f.got {
			want := ms + time.Duration(i+x.lines)*10*ms
			if x.name == "slow after fast" {
				want += time.Nanosecond // 10 bits of 1e15 a second, rounded up once
			}
			if g.at < want-10 || g.at > want+time.Duration(i)+10 {
				t.Errorf("%s: packet %d arrives at %v, want %v", x.name, g.n, g.at, want)
				break
			}
		}
		if len(f.got) != count {
			t.Errorf("%s: %d of %d packets arrived", x.name, len(f.got), count)
		}
	}
}

// An uplink is shared by all that its node sends, a downlink by all that it
// gets, and a link's pipe by what one sender sends under the rule.
func TestPipeIsShared(t *testing.T) {
	line := Pipe{BitsPerSecond: 1_000_000}
	last := func(f *flow) (at time.Duration) {
		for _, g := range f.got {
			at = max(at, g.at)
		}
		return at
	}
	ids := []protocols.NodeID{0, 1, 2, 3}
	for _, x := range []struct {
		name               string
		senders, receivers []protocols.NodeID
		put                func(c *Config)
		want               time.Duration // each of 4 packets takes 10 ms
	}{
		{"uplink, one sender", ids[:1], ids, func(c *Config) { c.Groups[0].Uplink = line }, 40 * ms},
		{"uplink, many senders", ids, ids[:1], func(c *Config) { c.Groups[0].Uplink = line }, 10 * ms},
		{"downlink, one sender", ids[:1], ids, func(c *Config) { c.Groups[0].Downlink = line }, 10 * ms},
		{"downlink, many senders", ids, ids[:1], func(c *Config) { c.Groups[0].Downlink = line }, 40 * ms},
		{"link, one sender", ids[:1], ids, func(c *Config) { c.Network.Default.Pipe = line }, 40 * ms},
		{"link, many senders", ids, ids[:1], func(c *Config) { c.Network.Default.Pipe = line }, 10 * ms},
		{"two rules", ids[:1], ids, func(c *Config) {
			c.Network.Default.Pipe = line
			c.Network.Links = []LinkRule{{From: Set{All: true}, To: Set{IDs: ids[2:]}, Link: c.Network.Default}}
		}, 20 * ms},
	} {
		f := &flow{senders: x.senders, receivers: x.receivers, count: 1, size: 1250}
		f.run(t, 4, Link{Latency: Latency{Base: ms}}, x.put)
		if at := last(f); at != x.want+ms {
			t.Errorf("%s: the last packet arrives at %v, want %v", x.name, at, x.want+ms)
		}
	}
}

// Each of the lines is M/D/1: Poisson arrivals wait ρD/(2(1-ρ)) on average.
func TestPipeIsMD1(t *testing.T) {
	const size = 1250
	service := 10 * ms
	line := Pipe{BitsPerSecond: 1_000_000}
	for name, put := range map[string]func(c *Config){
		"uplink":   func(c *Config) { c.Groups[0].Uplink = line },
		"downlink": func(c *Config) { c.Groups[0].Downlink = line },
		"link":     func(c *Config) { c.Network.Default.Pipe = line },
	} {
		for _, load := range []float64{0.4, 0.8} {
			mean := int64(float64(service) / load)
			gap, _ := draw.Exponential(0, mean)
			const count = 30_000
			sent, waited := make([]protocols.Time, count), make([]float64, count)
			n := uint64(0)
			c := meshOf(2, &script{
				start: func(env *protocols.Env) {
					if env.Self == 0 {
						env.SetTimer(0, 0)
					}
				},
				expire: func(env *protocols.Env, _ protocols.TimerID) {
					sent[n] = env.Now
					env.Send(1, &packet{n, size})
					if n++; n < count {
						env.SetTimer(0, time.Duration(gap.Sample(&env.Rand)))
					}
				},
				receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) {
					waited[n] = float64(env.Now - sent[n] - protocols.Time(ms+service))
				}}, ms)
			c.Duration = time.Duration(mean) * count * 2
			c.Detail.Latency = true
			put(&c)
			r := mustRun(t, c)
			near(t, name, waited, load*float64(service)/(2*(1-load)))
			if name != "downlink" { // which the sender cannot see
				slices.Sort(waited)
				want := waited[count*9/10] + float64(ms+service)
				if q := float64(r.Latency.Quantile(9, 10)); q < want*0.999 || q > want*1.04 {
					t.Errorf("%s: the ninth decile of latency is counted as %g, want %g", name, q, want)
				}
			}
		}
	}
}

// A full queue drops what does not fit, and no more.
func TestPipeQueueLimit(t *testing.T) {
	for seed := range uint64(60) {
		r := draw.New(seed)
		p := Pipe{BitsPerSecond: 8_000_000, QueueBytes: 1 + r.Int64N(8000)} // a byte a microsecond
		var line line
		now, left := int64(0), int64(0) // left: bytes in the line at time now
		for i := range 200 {
			gap := r.Int64N(1500)
			now, left = now+gap*1000, max(left-gap, 0)
			size := 1 + r.Int64N(2000)
			done, ok := line.take(p, now, int(size))
			if want := left == 0 || left+size <= p.QueueBytes; ok != want {
				t.Fatalf("seed %d, message %d of %d bytes: with %d of %d bytes queued it was taken: %v", seed, i, size, left, p.QueueBytes, ok)
			}
			if ok {
				left += size
				if done != now+left*1000 {
					t.Fatalf("seed %d, message %d: done at %d, want %d", seed, i, done, now+left*1000)
				}
			}
		}
	}
	f := one(10, 0)
	f.size = 1000
	r := f.run(t, 2, Link{Latency: Latency{Base: ms}, Pipe: Pipe{BitsPerSecond: 1_000_000, QueueBytes: 3000}}, nil)
	if len(f.got) != 3 || r.Drops.QueueFull != 7 {
		t.Errorf("of 10 packets at once, %d arrived and %d were dropped; 3 fit", len(f.got), r.Drops.QueueFull)
	}
}

// A fault that degrades the bandwidth slows lines down while it lasts.
func TestPipeDegraded(t *testing.T) {
	f := one(30, 20*ms)
	f.size = 1250
	f.run(t, 2, Link{Latency: Latency{Base: ms}, Pipe: Pipe{BitsPerSecond: 1_000_000}}, func(c *Config) {
		c.Faults = []Fault{{Name: "f", At: 190 * ms, For: 200 * ms, Degrade: &Degrade{Bandwidth: draw.Ratio(1, 2)}}}
	})
	for _, g := range f.got {
		want := 11 * ms
		if g.n >= 10 && g.n < 20 {
			want = 21 * ms
		}
		if g.after != want {
			t.Errorf("packet %d takes %v, want %v", g.n, g.after, want)
		}
	}
}
