package pbft

import "meshsim/protocols"

// writes says whether another protocol on the node, such as partition handling,
// forbids to write. A replica then takes no requests that write, and no events;
// it takes part in all else, so it executes what the others have ordered. Nobody
// need be told: clients ask all replicas, and a quorum that may write goes on; if
// the primary may not, the others change the view. Reads are served. A client
// sends no writes.
type writes struct{ forbidden bool }

func (w *writes) hear(env *protocols.Env, e protocols.Event) {
	if e.Kind != protocols.ReadOnlyOn && e.Kind != protocols.ReadOnlyOff || w.forbidden == (e.Kind == protocols.ReadOnlyOn) {
		return
	}
	w.forbidden = !w.forbidden
	value := uint64(0)
	if w.forbidden {
		value = 1
	}
	env.Observe(WritesForbidden, 0, value)
}

// turnsAway refuses a write while they are forbidden.
func (w *writes) turnsAway(env *protocols.Env, timestamp uint64) bool {
	if w.forbidden {
		env.Observe(TurnedAway, timestamp, 0)
	}
	return w.forbidden
}
