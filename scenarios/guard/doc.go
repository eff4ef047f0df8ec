// Package guard holds what a protocol did against what it does now: whether a
// change broke or slowed it. It is what meshsim check asks before it says yes.
//
// A [Baseline] is what one scenario measured when all was well: the seed and the
// fingerprint of each replication, and the values of the metrics that are guarded.
// A [Case] is the scenario now. [Make] runs cases, [Judge] compares all of them.
//
// # What is asked
//
//   - Fingerprints. If all are those of the baseline, the same events happened, and
//     no metric can have changed, unless it is computed otherwise. If not, that is no
//     fault by itself: code that draws once more has another fingerprint and
//     behaves alike.
//   - Metrics. Replication i has the same seed on both sides, so they are compared
//     in pairs. A metric is worse if that is shown beyond its margin with
//     [Confidence], which holds for all comparisons of a check together; it holds
//     if it is shown not to be worse by the margin, each at [Enough]; between these
//     nothing is decided, and more runs are needed.
//
// Why two levels: a build that fails without a reason is repeated and then
// ignored, so an alarm must be nearly certain, one false one in 1000 checks at
// most. A pass must be likely, or noisy metrics would never pass: a regression of
// just the margin passes in 5% of checks, a larger one in far fewer.
//
// # The file
//
// A baseline is JSON, meant to be kept with the scenario and read in reviews:
//
//	meshsim_baseline  version of the format, 1
//	scenario          name of the scenario
//	subject           digest of the scenario but for its seed, and of the files it reads
//	engine            version of meshsim that made the runs
//	runs              seed and fingerprint of each replication
//	metrics           name, statistic within a run, unit, margin, and the value of
//	                  each run; null where something had not finished
//
// The margin may be edited: a part of the baseline's mean, as 5%, or an amount in
// the unit of the metric, as 0.002. It is kept when the baseline is written anew.
package guard
