package heartbeat_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/keys"
)

// Whom another member holds for failed, this one suspects if it is alive here, and says
// nothing of it on its node; it asks again soon if there was much news.
func TestExchangeAfterACut(t *testing.T) {
	members := make([]protocols.NodeID, 60)
	for i := range members {
		members[i] = protocols.NodeID(i)
	}
	c := with(func(c *heartbeat.Config) { c.Detector, c.SWIM.Suspicion = "swim", 4 })
	for news, soon := range map[int]bool{3: false, 30: true} {
		n := heartbeat.New(c).New(protocols.World{Nodes: 60, Members: members}, []protocols.NodeID{0}).At(0)
		env := &protocols.Env{Crypto: keys.Costed(1), Costs: &protocols.CryptoCosts{}}
		disk := &protocols.Disk{}
		env.Reset(0, 0, 1, disk)
		n.Start(env)
		env.Reset(0, protocols.Time(time.Second), 2, disk)
		n.Receive(env, 59, heartbeat.Exchanged(members[1:news+1]...))
		counts := map[protocols.ObservationKind]int{}
		for _, o := range env.Observations {
			counts[o.Kind]++
		}
		if counts[heartbeat.Suspected] != news || counts[heartbeat.Failed] != 0 || len(env.Announcements) != 0 {
			t.Errorf("of %d failures elsewhere it observes %v and announces %v", news, counts, env.Announcements)
		}
		again := false
		for _, op := range env.Timers {
			again = again || op.Timer.Name() == 6 && op.After == c.Interval
		}
		if again != soon {
			t.Errorf("after news of %d it asks again soon: %v, want %v", news, again, soon)
		}
	}
}

// Whoever is cut off from all others repeats few accusations, however many it suspects.
func TestRepeatedAccusationsAreBounded(t *testing.T) {
	const n = 30
	members := make([]protocols.NodeID, n)
	for i := range members {
		members[i] = protocols.NodeID(i)
	}
	p := heartbeat.New(with(func(c *heartbeat.Config) { c.Monitoring = "all" })).New(protocols.World{Nodes: n, Members: members}, []protocols.NodeID{0}).At(0)
	env := &protocols.Env{Crypto: keys.Costed(1), Costs: &protocols.CryptoCosts{}}
	disk, now := &protocols.Disk{}, protocols.Time(0)
	env.Reset(0, now, 1, disk)
	p.Start(env)
	accused := map[protocols.NodeID]int{}
	accusations := func() (sent int) {
		for _, s := range env.Sends {
			if a, ok := s.Message.(*heartbeat.Accuse); ok {
				accused[a.Peer]++
				sent++
			}
		}
		return sent
	}
	now += protocols.Time(time.Minute)
	for id := range protocols.NodeID(n - 1) {
		env.Reset(0, now, uint64(id)+2, disk)
		p.Expire(env, protocols.Timer(1, uint64(id)+1)) // it is overdue
		if sent := accusations(); sent != n-1 {
			t.Errorf("an accusation goes to %d members, want %d", sent, n-1)
		}
	}
	for i := range 8 {
		now += protocols.Time(time.Second)
		env.Reset(0, now, uint64(i)+100, disk)
		p.Expire(env, protocols.Timer(0, 0)) // an interval begins
		if sent := accusations(); sent > 8*(n-1) {
			t.Errorf("in an interval it sends %d accusations, want at most %d", sent, 8*(n-1))
		}
	}
	for id, times := range accused {
		if times < 3*(n-1) {
			t.Errorf("in 8 intervals, %d is accused %d times; by turns it would be three times to each of %d", id, times, n-1)
		}
	}
}
