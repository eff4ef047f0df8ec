// Package spacetime draws who sent what to whom and when: a space-time diagram,
// with nodes as columns and simulated time downwards (Lamport, Time, Clocks, and
// the Ordering of Events in a Distributed System, CACM 1978, figure 1).
//
// A [Recorder] takes the trace of a run and keeps a window of it, for some nodes.
// A [Diagram] of it is SVG: messages are arrows in the colour and dashes of their
// kind, those that were lost end in a cross; life lines have gaps where a node was
// down or paused and bars where it computed; partitions are shaded; dots are what
// nodes observed, with labels where these fit. Beyond [MaxArrows] messages the
// diagram ends earlier and says so. The same trace gives the same bytes.
package spacetime
