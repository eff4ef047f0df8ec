// Package sim is the kernel: it drives nodes that keep the contract of package
// protocols through simulated time, against a declared network and declared
// faults, and counts what happens. It knows no protocol by name and no files.
// [Run] takes a [Config] and gives a [Result].
//
// # Order
//
// Time is whole nanoseconds. Events are ordered by time; events of one instant
// by a tie that is drawn anew for each origin and instant, so that no node wins
// every race; events of one origin by its own counter. Where an event was
// inserted plays no part (type order).
//
// # Keys
//
// Each event has a causal key, derived from its parent's key and a label that
// names what it is: target, kind, how many of the same came before in the call.
// All randomness of a call and of what it sends is drawn from its key, in a
// domain for each purpose. So a draw, a metric or a fault that is added changes
// nothing that it does not causally touch, two runs that differ in a parameter
// share their randomness until their histories part, and nodes may run in
// parallel. It is the splittable generator of Steele, Lea and Flood (OOPSLA
// 2014), applied to events.
//
// # Two ways of running
//
// Two nodes cannot affect each other sooner than the smallest latency between
// any two, the lookahead. The windowed way (windowed.go) cuts time into windows
// no wider than that, sorts a window's events into blocks of nodes that fit the
// cache, touches their states in a batch and runs each node's events in order;
// workers run their blocks side by side (parallel.go). Where few events fall
// into a window, one global order is faster (ordered.go). The kernel measures
// and chooses; both ways, and any number of workers, give the same bytes.
//
// What concerns the mesh as a whole happens at control instants (timeline.go),
// which the scenario alone fixes: faults of the network begin and end, samples
// are taken, observations are delivered in the total order, the run stops.
// Windows are cut at them. Crashes, pauses and clock faults are events of their
// node, first at their instant.
//
// # One owner for every datum
//
// A call touches its node. What chance and faults do to a message is decided
// where it is sent, when it is handed to the sender's line: latency, loss,
// duplication, partition. Bursts of loss and queues of a link rule are kept for
// each sender, once a rule. Queueing for the receiver's line and for its CPU is
// decided where it is received. Nothing grows with the square of the nodes.
//
// # What is not modelled
//
//   - Acknowledgements of streams: a sender knows the fate of a try when it makes
//     it, and tries again after the timeout. Congestion control is not modelled.
//   - Contention inside the network. A pipe that several nodes share is a node
//     of its own that forwards.
//   - Protocols on a node share its cores; a call occupies one core from its
//     start to the end of the work that it asks for, and its effects on the
//     node's state are there from the start.
package sim
