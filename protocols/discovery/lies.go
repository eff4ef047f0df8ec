package discovery

import (
	"slices"

	"meshsim/protocols"
)

// What a liar may do with its messages.
const (
	lieForge uint8 = iota
	lieStale
	liePoison
	lieSlander
)

var lies = []protocols.LieSpec{
	lieForge:   {Name: "forge", Doc: "in lists of peers, the announcements of others are newer than theirs, signed with the liar's own key"},
	lieStale:   {Name: "stale", Doc: "what the node tells of itself has expired, or holds for a year"},
	liePoison:  {Name: "poison", Doc: "lists of peers name the liar and its accomplices alone, in announcements that are all true"},
	lieSlander: {Name: "slander", Doc: "lists of peers come with reports that all who are in them have lied"},
}

// alter makes a lie out of a message, nil if it cannot be changed so.
func (c *Config) alter(env *protocols.Env, lie uint8, variant uint64, message protocols.Message) protocols.Message {
	switch m := message.(type) {
	case *Introduction:
		if lie == lieStale && m.Of.ID == env.Self {
			return &Introduction{kind: m.kind, TTL: m.TTL, Urgent: m.Urgent, Of: c.stale(env, variant, m.Of)}
		}
	case *Peers:
		return c.alterPeers(env, lie, variant, m)
	}
	return nil
}

func (c *Config) alterPeers(env *protocols.Env, lie uint8, variant uint64, m *Peers) protocols.Message {
	x := &Peers{kind: m.kind, List: slices.Clone(m.List), Reports: m.Reports}
	switch lie {
	case lieForge:
		for i, a := range m.List {
			if a.ID != env.Self {
				b := *a
				b.Sequence, b.Expires = a.Sequence+1+variant%1000, env.Now+protocols.Time(c.Lifetime)
				x.List[i] = b.sign(env)
			}
		}
	case lieStale:
		for i, a := range m.List {
			if a.ID == env.Self {
				x.List[i] = c.stale(env, variant, a)
			}
		}
	case liePoison:
		x.List = c.accomplices(env, m.List)
	case lieSlander:
		x.Reports = nil
		for _, a := range m.List {
			if a.ID != env.Self {
				x.Reports = append(x.Reports, Report{a.ID, -100})
			}
		}
	}
	x.Signature = env.Sign(x.digest())
	return x
}

// stale is an announcement of the liar's own that nobody should believe.
func (c *Config) stale(env *protocols.Env, variant uint64, a *Announcement) *Announcement {
	const year = protocols.Time(365 * 24 * 3600e9)
	b := *a
	b.Expires = env.Now - protocols.Time(c.Lifetime) - protocols.Time(c.Skew)
	if variant%2 == 0 {
		b.Expires = env.Now + year
	}
	return b.sign(env)
}

// accomplices announces the liar, if the list did, and all its accomplices.
func (c *Config) accomplices(env *protocols.Env, truth []*Announcement) (list []*Announcement) {
	if len(truth) > 0 && truth[0].ID == env.Self {
		list = append(list, truth[0])
	}
	for _, id := range env.Accomplices {
		if id == env.Self || len(list) >= maxLinked/2 {
			continue
		}
		a := &Announcement{ID: id, Sequence: uint64(max(env.Now, 0))/1e6 + 1, Expires: env.Now + protocols.Time(c.Lifetime)}
		if s, ok := env.SignAs(id, a.digest()); ok {
			a.Signature = s
			list = append(list, a)
		}
	}
	return list
}
