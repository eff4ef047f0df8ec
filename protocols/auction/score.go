package auction

import (
	"cmp"
	"time"

	"meshsim/protocols"
)

// one is the best mark, in millionths.
const one = 1_000_000

// rule is how bids are scored, in millionths.
type rule struct {
	match, load, performance, resources int64 // the weights
	floor                               int64 // 0: all bids count
	learning                            int64
}

func newRule(c *Config) *rule {
	r := &rule{millionths(c.Weights.Match), millionths(c.Weights.Load), millionths(c.Weights.Performance), millionths(c.Weights.Resources),
		millionths(c.Floor), millionths(c.Learning)}
	if r.performance == 0 {
		r.floor = 0
	}
	return r
}

// score weighs the marks of a bid for a task of a size, given the bidder's past
// performance. It is at most one times one.
func (r *rule) score(b *bid, size time.Duration, past int64) int64 {
	return r.match*b.match + r.load*loadMark(size, b.promise) + r.performance*past + r.resources*b.free
}

// loadMark is the size of a task as a share of itself and of the time until it
// would be done: a half on an idle node of speed 1, a third with as much work ahead
// of it, two thirds on an idle node of speed 2.
func loadMark(size, promise time.Duration) int64 { return share(uint64(size), uint64(size+promise)) }

// ranked is a bid with its score.
type ranked struct {
	node    protocols.NodeID
	match   int64 // as it said
	score   int64
	below   bool // the node's past performance is below the floor
	tie     uint64
	promise time.Duration
}

// compareRanked puts the better first; those below the floor come last.
func compareRanked(x, y ranked) int {
	if x.below != y.below {
		if x.below {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.tie, y.tie), cmp.Compare(x.node, y.node))
}
