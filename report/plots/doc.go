// Package plots makes charts of what many runs yield: of one scenario, of the
// points of a sweep, or of several results side by side. [Draw] makes one; the
// kinds of figures are in files of their names:
//
//	series    a curve a point over simulated time, with the interval of the mean
//	cdf       the share of items, or of runs, that came out at most so large
//	box       a box plot a point, over the replications
//	points    estimates with intervals along a swept field; bars are the same from 0
//	heatmap   two swept fields, the points that tie with the best outlined
//	pareto    two metrics against one another, the best trade-offs joined
//	scaling   a numeric field on logarithmic axes, with the fitted slope
//
// A replication is one value, whatever it holds of items or instants. Estimates
// are the mean with its interval, or the median where in some runs something had
// not finished: such runs count as larger than all others and are never dropped;
// see package stats. The same data gives the same chart.
package plots
