package worksteal

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// choose draws the victims of a round, in the order in which they are asked.
func (s *stealer) choose(env *protocols.Env, w *task.Worker) []protocols.NodeID {
	n := s.config.Tries
	switch s.config.Victim {
	case last:
		list := w.Sample(env, n, false)
		if s.given && w.Alive(s.donor) {
			list = slices.DeleteFunc(list, func(id protocols.NodeID) bool { return id == s.donor })
			list = slices.Insert(list, 0, s.donor)
		}
		return list[:min(len(list), n)]
	case nearest:
		list := s.peers.nearest(n-1, w)
		for _, id := range w.Sample(env, n, false) {
			if len(list) < n && !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
		return list
	case choices:
		return s.busiest(env, w.Sample(env, n*s.config.Choices, false))
	}
	return w.Sample(env, n, false)
}

// busiest takes of each few of a list the one that had most when last heard of.
// A peer of which nothing is known may have just enough.
func (s *stealer) busiest(env *protocols.Env, drawn []protocols.NodeID) (list []protocols.NodeID) {
	since := env.Now - protocols.Time(s.config.Fresh)
	for few := range slices.Chunk(drawn, s.config.Choices) {
		best, most := few[0], -1
		for _, id := range few {
			load := s.config.Threshold
			if p := s.peers.find(id); p != nil && p.at > since {
				load = int(p.load)
			}
			if load > most {
				best, most = id, load
			}
		}
		list = append(list, best)
	}
	return list
}

// note remembers what a peer said of its load, if that is asked for.
func (s *stealer) note(env *protocols.Env, id protocols.NodeID, load uint32) {
	if s.config.Victim != choices && !s.config.Distribute {
		return
	}
	if p := s.peers.enter(id); p != nil {
		p.load, p.at = load, env.Now
	}
}

// measure remembers the shortest round trip to the victim that answers.
func (s *stealer) measure(env *protocols.Env, id protocols.NodeID) {
	if s.config.Victim != nearest {
		return
	}
	trip := max(env.Now-s.askedAt, 1)
	if p := s.peers.find(id); p != nil && p.trip > 0 {
		p.trip = min(p.trip, trip)
		return
	}
	if p := s.peers.enterNear(id, trip); p != nil {
		p.trip = trip
	}
}
