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
// Comparisons are paired, see [Compare]: replication i has the same randomness on
// both sides, which takes out most of the noise.
//
//   - difference: the methods of the mean, for the differences. In parts of the
//     base: Fieller's theorem, or the studentized bootstrap of the ratio.
//   - with runs that did not finish: the median of the differences by order
//     statistics and the sign test, and McNemar's test whether they finish as often.
//   - several metrics: Holm, see [Judge]. Equivalence: two one-sided tests
//     (Schuirmann 1987).
//   - points that tie with the best: see [Standings]. [Pareto] for several metrics.
//   - steady state: [MSER5], [BatchMeans]. When to stop: [Precision].
//
// The p-value of a verdict is that of the interval's own distribution. Wilcoxon's
// test asks whether the differences are symmetric about 0, which is another
// question than whether their mean is, so it could contradict the interval: it is
// given beside it. Tests need the distributions of gonum's distuv and no more; the
// paired test of go-moremath gives no interval, and no module has the others.
//
// The coverage tests hold what this promises, in samples with a known truth:
// intervals of a nominal 95% cover 93 to 97%. Sequential stopping costs the most,
// down to 93% where it ends after 20 to 40 runs.
//
// Sums run in the order of their input and no product is fused with a sum, so
// that results rounded to 6 digits, see [Round6], are the same on all machines.
// Formulas are those of Law, Simulation Modeling and Analysis, and Le Boudec,
// Performance Evaluation of Computer and Communication Systems, chapter 2.
package stats
