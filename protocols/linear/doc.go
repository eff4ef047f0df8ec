// Package linear checks that what the clients of a replicated store saw is
// linearizable: that it could have happened if every operation had taken effect
// at one instant between its call and its return (Herlihy and Wing, TOPLAS 1990).
//
// [Spec] makes a checker of what clients observe; package client names the kinds.
// Operations on different keys are independent, so each key has a history of its
// own (Herlihy and Wing, theorem 1: linearizability is local).
//
// # The search
//
// The checker goes through the calls and returns of a key in order and keeps
// every way in which what has returned so far can have happened: which operations
// under way have taken effect, and the value that is there now (Lowe, "Testing
// for linearizability", 2017). When none is left, the operation that returned last
// has no place in any order. So a violation is found where it is, and memory is
// bounded by what is under way at a time. Calls and returns wait until the results
// of all that was under way with them are known.
//
// The search has a budget of steps instead of time, so its verdict is the same on
// every machine. What the budget does not reach is undecided, and does not hold.
// Gets, puts and compare-and-swaps of a hundred clients at one key are judged;
// deletes make it harder, since a key may have no value more than once.
//
// A violation is confirmed by Porcupine (Athalye 2017), the checker that the field
// trusts, as far as that can be done in a tenth of a second, and Porcupine draws
// it: see [Checker.View].
//
// # Unknown results
//
// An operation without an answer (the client gave up, crashed, or still waits
// when the run ends) may have happened at any time since its call, or never.
// Each write has a value of its own, so a put or compare-and-swap that may have
// happened matters only once its value is seen: as what a get returns, a delete
// removes, or a compare-and-swap finds. Until then it is left out. Unanswered
// deletes take effect where that is needed to explain that a key has no value.
// Unanswered gets do not matter.
package linear
