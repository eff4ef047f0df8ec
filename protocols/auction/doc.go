// Package auction is the strategy of tasks in which nodes bid for each task: a
// contract net (Smith, "The Contract Net Protocol", IEEE Transactions on
// Computers C-29(12), 1980) with bids that are scored by weights.
//
//	kind      from, to               carries
//	announce  auctioneer, bidders    what the task needs, its size and memory
//	bid       bidder, auctioneer     match, load, free resources, when it would be done
//	pass      bidder, auctioneer     no bid: unable, full or read-only
//	give      auctioneer, winner     the award: the task (of package task: kept until answered)
//	taken     winner, auctioneer     the acknowledgement, or the refusal
//	outcome   winner, auctioneer     the task ran
//
// The node where a task enters is its auctioneer. It announces the task to all
// members, to its neighbours or to a sample, and bids itself. At the deadline, or
// when everybody has answered, it awards the task to the bid with the highest
// score; of equal ones to the first announced to. A winner that refuses, is silent
// or fails loses the task to the next of the ranking. When the ranking is at its
// end, the auctioneer announces anew after a back-off that doubles; after the last
// round it keeps the task, or rejects it if it could never run it.
//
// A score is the weighted sum of four marks, all in thousandths: how well the
// capabilities match; 1000 / (1 + tasks for each core); past performance; and the
// share of cores and memory that is free. Integers alone.
//
// Past performance is what the auctioneer saw itself, never what others say: a bid
// promises when the task would be done, and the mark of an outcome is the share of
// the time it took that was promised, at most 1000. A refusal after a bid, or no
// outcome long after the promise, is marked 0. The mean forgets exponentially, and
// all of it is forgotten after a while, so that whoever did badly is tried again.
// Who has done worse than a floor is passed over while anybody else bids.
//
// On a side of a partition that is read-only a node neither bids nor awards: it
// keeps what it can run, and waits with the rest.
//
// What a node remembers is bounded: auctions under way, awards without outcome,
// peers of which it knows how they did. The auctions are lost in a crash; tasks
// come back by the journal of package task.
//
// Not in here: prices, combinations of tasks, auctions by tasks that were awarded.
package auction
