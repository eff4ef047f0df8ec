// Package stats turns the values of independent replications into estimates
// with confidence intervals. One value is one replication, never one message:
// messages of one run depend on one another, and an interval over them would be
// far too narrow.
//
// The methods, and when each is used:
//
//   - mean: Student's t. For 20 values and more that are too skewed for it by
//     Cochran's rule, n < 25·g², the studentized bootstrap.
//   - quantile: order statistics, which need no assumption but independence.
//   - share: Wilson's score interval.
//   - runs that did not finish: counted as longer than all that did, never
//     dropped. See [Sample].
//
// Sums run in the order of their input and no product is fused with a sum, so
// that results rounded to 6 digits, see [Round6], are the same on all machines.
// Formulas are those of Law, Simulation Modeling and Analysis, and Le Boudec,
// Performance Evaluation of Computer and Communication Systems, chapter 2.
package stats
