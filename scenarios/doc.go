// Package scenarios is the language in which runs are declared: one YAML file
// says which nodes there are, what they run, over which network, which faults
// strike, and what is expected. [Load] reads a file and finds all that is wrong
// with it in one pass; [Scenario.Config] turns it into what the kernel runs;
// [Run] runs all replications; [Evaluate] holds the expectations against them.
//
// The file is described by the structs of this package and their tags (see
// package strict), so the reader, the schema ([Schema]), the help ([Explain])
// and the resolved scenario ([Scenario.Resolved]) cannot disagree.
//
// # Rules of the language
//
// Nothing is ever ignored: what is written takes effect or is refused. Each
// entry of faults and of workload names one verb. What a group writes under
// protocols, and what an entry of network.links writes, lies over the common
// settings; of several links that match a pair of nodes, the last one counts.
//
// # Seeds
//
// A replication is a run with a seed of its own, and everything in it derives
// from that seed. Replication 0 has the seed that the scenario names; the
// others derive theirs from it (see [Scenario.Seed]). So the seed that is
// printed beside a replication is all that one needs: run.seed set to it, with
// one replication, repeats exactly that run.
package scenarios
