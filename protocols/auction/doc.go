// Package auction is the strategy of tasks in which nodes bid for each task: the
// contract net (Smith, "The Contract Net Protocol", IEEE Transactions on
// Computers C-29(12), 1980) with bids that are scored by weights.
//
//	kind      from, to               carries
//	announce  auctioneer, bidders    what the task needs, its size and memory
//	bid       bidder, auctioneer     match, free resources, when it would be done
//	pass      bidder, auctioneer     no bid: unable, full or read-only
//	give      auctioneer, winner     the award: the task (of package task: kept until answered)
//	taken     winner, auctioneer     the acknowledgement, or the refusal
//	outcome   winner, auctioneer     the task ran
//
// The node where a task enters is its auctioneer. It announces the task to all
// members, to its neighbours or to a sample, and bids itself:
//
//	         bids are in, or deadline            outcome, or long overdue
//	asking ----------------------------> awarded ------------------------> over
//	  ^  |                                |   |  ^
//	  |  |         nobody is left         |   +--+ refused, silent, failed: next best
//	  |  +--------------+-----------------+
//	  |                 v
//	  +------------- resting ------> over: kept, or rejected
//	    back-off is over    last round
//
// Of equal scores a draw decides, anew for each round, so that idle nodes do not
// all win or lose together. The back-off doubles with each round, and is drawn
// from its upper half. After the last round the auctioneer keeps the task, or
// rejects it if it could never run it.
//
// A score is the weighted sum of four marks, each from 0 to one in millionths
// (file score.go): how well the capabilities match; the load, which is how long
// the task would take there, waiting included, against its size; past
// performance; and the share of cores and memory that is free.
//
// Past performance is what the auctioneer has seen itself, never what others
// say. A bid promises when the task would be done, and the mark of an outcome is
// the share of the time that was needed which was promised. A refusal after a bid
// is marked 0, and so is no outcome long after four times what was promised. The mean
// forgets exponentially, and all of it is forgotten after a while, so that
// whoever did badly is tried again. Who has done worse than a floor is passed
// over while anybody else bids: a liar's claims are worth up to 80% of a score,
// more than an honest node that has work to do can reach. That a task ran is the
// winner's word; nobody looks at results.
//
// On a side of a partition that is read-only a node neither bids nor awards: it
// keeps what it can run, and what it cannot waits until the side is whole.
//
// What a node remembers is bounded: auctions under way, awards without outcome,
// peers of which it knows how they did. The auctions are lost in a crash; tasks
// come back by the journal of package task. Cost: up to two messages for each
// node that is asked and three for the winner.
//
// Not in here: prices, combinations of tasks, auctions by nodes that were awarded
// a task. A bid does not reserve anything: who bids in two auctions at a time may
// win both, be late, and be marked for it.
package auction
