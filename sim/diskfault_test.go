package sim

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// diskMesh is a node that does something to its disk for each message and sends
// the number of the message to node 1 behind it.
func diskMesh(at []time.Duration, b *notebook, do func(d *protocols.Disk, n uint64)) Config {
	c := meshOf(2, &script{receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
		if from != protocols.External {
			b.note(env, "gets %d", n)
			return
		}
		do(env.Disk, n)
		env.Send(1, &packet{n: n})
	}}, ms)
	c.Workload = []Workload{&arrivals{at: at}}
	c.Duration = 200 * ms
	return c
}

// write makes the disk write and sync so many bytes.
func write(d *protocols.Disk, bytes int) {
	if err := d.Append("f", make([]byte, bytes)); err == nil {
		d.Sync()
	}
}

// A sync takes its time, time for each KiB written since the last, and what
// faults add while they last; syncs that were under way keep their order.
func TestDiskTimes(t *testing.T) {
	var b notebook
	c := diskMesh([]time.Duration{0, 30 * ms, 50 * ms, 90 * ms, 119 * ms, 120 * ms, 121 * ms}, &b, func(d *protocols.Disk, n uint64) {
		switch n {
		case 0:
			write(d, 2048)
		case 1:
			_ = d.Append("f", make([]byte, 512)) // no sync: the next one pays for it
		default:
			write(d, 512)
		}
	})
	c.Groups[0].DiskSync, c.Groups[0].DiskPerKiB = 3*ms, 2*ms
	c.Faults = []Fault{
		{Name: "a", At: 80 * ms, For: 40 * ms, Disk: &DiskFault{Nodes: nodes(0), Sync: 10 * ms}},
		{Name: "b", At: 85 * ms, For: 35 * ms, Disk: &DiskFault{Nodes: nodes(0), Sync: ms, PerKiB: 4 * ms}},
	}
	r := mustRun(t, c)
	// 3+2·2+1; 1; 3+2·1+1; (3+10+1)+(2+4)/2+1; the same from 119 on, until 136, the next behind it
	b.want(t, "8ms 1 gets 0", "31ms 1 gets 1", "56ms 1 gets 2", "108ms 1 gets 3",
		"137ms 1 gets 4", "141ms 1 gets 5", "145ms 1 gets 6")
	last := r.Samples[len(r.Samples)-1]
	if want := (SampleRow{Syncs: 6, Written: 2048 + 6*512, Disks: 1, DiskBytes: 2048 + 6*512, LargestDisk: 2048 + 6*512}); last.Syncs != want.Syncs ||
		last.Written != want.Written || last.Disks != want.Disks || last.DiskBytes != want.DiskBytes || last.LargestDisk != want.LargestDisk {
		t.Errorf("the disks did %+v, want %+v", last, want)
	}
}

// A disk without a time to sync obeys a fault that gives it one, and is at once
// durable again when that is over and what was under way is done.
func TestSlowDiskRecovers(t *testing.T) {
	var b notebook
	c := diskMesh([]time.Duration{10 * ms, 19 * ms, 20 * ms, 40 * ms}, &b, func(d *protocols.Disk, n uint64) { write(d, 10) })
	c.Faults = []Fault{{Name: "slow", At: 5 * ms, For: 14 * ms, Disk: &DiskFault{Nodes: nodes(0), Sync: 20 * ms}}}
	mustRun(t, c)
	b.want(t, "31ms 1 gets 0", "31ms 1 gets 1", "31ms 1 gets 2", "41ms 1 gets 3")
}

// A full disk takes nothing while the fault lasts; one of finite capacity takes
// what fits.
func TestFullDisk(t *testing.T) {
	for _, x := range []struct {
		capacity int64
		fault    bool
		want     string
	}{
		{0, false, "01234"}, {0, true, "034"}, {35, false, "012"}, {35, true, "034"}, {9, false, ""},
	} {
		var b notebook
		got := ""
		c := diskMesh([]time.Duration{0, 10 * ms, 20 * ms, 30 * ms, 40 * ms}, &b, func(d *protocols.Disk, n uint64) {
			switch err := d.Append("f", make([]byte, 10)); {
			case err == nil:
				got += fmt.Sprint(n)
			case !errors.Is(err, protocols.ErrFull):
				t.Errorf("a full disk says %v", err)
			}
		})
		c.Groups[0].DiskCapacity = x.capacity
		if x.fault {
			c.Faults = []Fault{{Name: "full", At: 10 * ms, For: 20 * ms, Disk: &DiskFault{Nodes: nodes(0), Full: true}}}
		}
		mustRun(t, c)
		if got != x.want {
			t.Errorf("capacity %d, full in between %v: it took %q, want %q", x.capacity, x.fault, got, x.want)
		}
	}
}

// restarted is what a node reads when it restarts at 60ms after a crash at 50ms:
// it appended a byte at 10, 20, 30 and 47ms and synced each, which takes 5ms.
func restarted(t *testing.T, seed uint64, crash Crash, faults ...Fault) string {
	t.Helper()
	var got string
	c := meshOf(1, &script{
		start: func(env *protocols.Env) {
			b, err := env.Disk.Read("f")
			if got = string(b); err != nil {
				got = err.Error()
			}
		},
		receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) {
			if err := env.Disk.Append("f", []byte{byte('a' + n)}); err != nil {
				t.Error(err)
			}
			env.Disk.Sync()
		}}, ms)
	c.Workload = []Workload{&arrivals{at: []time.Duration{10 * ms, 20 * ms, 30 * ms, 47 * ms}}}
	c.Groups[0].DiskSync = 5 * ms
	crash.Nodes = nodes(0)
	c.Seed, c.Faults = seed, append(faults, Fault{Name: "crash", At: 50 * ms, For: 10 * ms, Crash: &crash})
	mustRun(t, c)
	return got
}

// What a crash leaves behind each fault.
func TestDiskFaultsAtACrash(t *testing.T) {
	disk := func(from, to time.Duration, d DiskFault) Fault {
		return Fault{Name: fmt.Sprint(from), At: from, For: to - from, Disk: &d}
	}
	for _, x := range []struct {
		name   string
		faults []Fault
		want   string
	}{
		{"none", nil, "abc"},
		{"lying when the last two were done", []Fault{disk(22*ms, 49*ms, DiskFault{Lie: true})}, "a"},
		{"lying in the middle: the next sync covers it", []Fault{disk(12*ms, 26*ms, DiskFault{Lie: true})}, "abc"},
		{"lying while nothing was synced", []Fault{disk(36*ms, 49*ms, DiskFault{Lie: true})}, "abc"},
		{"unreadable", []Fault{disk(55*ms, 65*ms, DiskFault{Unreadable: draw.Always})}, "disk read error"},
		{"unreadable before", []Fault{disk(10*ms, 55*ms, DiskFault{Unreadable: draw.Always})}, "abc"},
		{"slow: the second is not done", []Fault{disk(5*ms, 49*ms, DiskFault{Sync: 20 * ms})}, "a"},
	} {
		if got := restarted(t, 1, Crash{}, x.faults...); got != x.want {
			t.Errorf("%s: the crash left %q, want %q", x.name, got, x.want)
		}
	}
}

// A torn write leaves "abc" and, in half of all crashes, "d", which was under way
// (in a quarter it is a zero byte that was not written): by a fault of the disk
// as by the crash itself.
func TestTornWrites(t *testing.T) {
	for name, f := range map[string]func(seed uint64) string{
		"disk": func(seed uint64) string {
			return restarted(t, seed, Crash{}, Fault{Name: "torn", Disk: &DiskFault{Torn: true}})
		},
		"crash": func(seed uint64) string { return restarted(t, seed, Crash{TearDisk: true}) },
	} {
		seen := map[string]int{}
		for seed := range uint64(200) {
			seen[f(seed)]++
		}
		if len(seen) != 3 || seen["abcd"] < 80 || seen["abcd"] > 120 || seen["abc"] < 30 || seen["abc\x00"] < 30 {
			t.Errorf("torn by the %s: %v", name, seen)
		}
	}
}

// Bits that rot are as many as the fault says, drawn anew for each node, stay
// flipped, and strike a node that is down as well.
func TestBitRot(t *testing.T) {
	whole := bytes.Repeat([]byte{0x55}, 4000)
	got := map[protocols.NodeID][]byte{}
	c := meshOf(4, &script{
		start: func(env *protocols.Env) {
			if env.Now == 0 {
				_ = env.Disk.Write("f", whole)
				env.Disk.Sync()
				env.SetTimer(0, 100*ms)
			} else {
				got[env.Self], _ = env.Disk.Read("f")
			}
		},
		expire: func(env *protocols.Env, _ protocols.TimerID) { got[env.Self], _ = env.Disk.Read("f") },
	}, ms)
	c.Faults = []Fault{
		{Name: "down", At: 20 * ms, For: 20 * ms, Crash: &Crash{Nodes: nodes(1)}},
		{Name: "rot", At: 30 * ms, For: ms, Disk: &DiskFault{Nodes: nodes(0, 1, 2), FlipBits: 5}},
	}
	mustRun(t, c)
	for id, want := range []int{5, 5, 5, 0} {
		flipped := 0
		b := got[protocols.NodeID(id)]
		for i := range b {
			flipped += bits.OnesCount8(b[i] ^ whole[i])
		}
		if len(b) != len(whole) || flipped != want {
			t.Errorf("node %d reads %d bytes with %d bits flipped, want %d", id, len(b), flipped, want)
		}
	}
	if bytes.Equal(got[0], got[1]) || bytes.Equal(got[0], got[2]) {
		t.Error("the same bits rot on two nodes")
	}
}
