// Package linear checks that what the clients of a replicated store saw is
// linearizable: that it could have happened if every operation had taken effect
// at one instant between its call and its return (Herlihy and Wing, TOPLAS 1990).
//
// [Spec] makes a checker of what clients observe; package client names the kinds.
// The search is that of Porcupine (Wing and Gong 1993, Lowe 2017). It runs inside
// Observe and Finish and has a budget of steps instead of time, so its verdict is
// the same on every machine. What the budget does not reach is undecided.
//
// # Keys and segments
//
// Operations on different keys are independent, so each key has a history of its
// own (Herlihy and Wing, theorem 1: linearizability is local). It is cut where no
// operation is under way: whatever order explains the history has all of the
// operations before such an instant ahead of all those after it. A segment is
// checked for each value that the key may have had at its beginning and each that
// it may have at its end, then forgotten; the next one begins with the values at
// the end that were possible. So memory is bounded by how long a key is busy
// without a pause.
//
// # Unknown results
//
// An operation without an answer (the client gave up, crashed, or still waits
// when the run ends) may have happened at any time since its call, or never.
// Each write has a value of its own, so a put or compare-and-swap that may have
// happened matters only once its value is seen, as what a get returns, a delete
// removes, or a compare-and-swap finds. It is then part of the segment in which
// that is: it cannot have happened before another write of an earlier segment,
// or nobody could see it any more, and at the end of one is as good as at the
// beginning of the next. Unanswered deletes are part of a segment where that is
// needed to explain it, as few as possible. Unanswered gets do not matter.
package linear
