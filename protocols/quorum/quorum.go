// Package quorum is the arithmetic of how many replicas must agree. Any two
// majorities of n share a replica, which is what crashes demand (Raft, Paxos); any
// two Byzantine quorums share one that is correct although f lie (pBFT).
package quorum

// Majority is the least number of n replicas of which any two sets share one.
func Majority(n int) int { return n/2 + 1 }

// MaxCrashes is how many of n replicas may be down while a majority is up.
func MaxCrashes(n int) int { return max(n-1, 0) / 2 }

// MaxFaults is how many of n replicas may lie: the greatest f with n >= 3f+1
// (Castro and Liskov, OSDI 1999, section 3).
func MaxFaults(n int) int { return max(n-1, 0) / 3 }

// MinReplicas is how many replicas it takes to stand f liars.
func MinReplicas(f int) int { return 3*f + 1 }

// Byzantine is the least number of n replicas of which any two sets share f+1,
// thus one that does not lie: floor((n+f)/2)+1, which is 2f+1 for n = 3f+1. With
// n >= 3f+1 the correct replicas alone are as many.
func Byzantine(n, f int) int { return (n+f)/2 + 1 }

// Weak is how many replicas hold a correct one although f lie.
func Weak(f int) int { return f + 1 }
