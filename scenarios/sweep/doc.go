// Package sweep runs a scenario at the points of its sweep and keeps what each
// run yields, so that a sweep that was killed goes on where it was, on one
// machine or many.
//
// [NewPlan] lists the runs; [Plan.Make] makes those that the store does not hold;
// [Plan.Gather] takes those of other stores; [Plan.Collect] reads all of them back;
// [Table] is what they say.
//
// # The store
//
// A run is named by its content: the digest of the engine's version, of the
// scenario resolved at the point with the replication's seed, and of the files
// that it reads. So another point, more replications or another order of the
// same ones rerun nothing, and another scenario or engine never meets what is not
// its own.
//
//	<store>/<first two digits of the id>/<id>.json    one run
//	<store>/tmp/                                      files that are being written
//
// A file is one JSON object:
//
//	meshsim_run  version of the format, 1; it grows when a field changes its meaning
//	sha256       digest of the bytes of run, as they stand in the file
//	run          see [Record]
//
// A file appears under its name when it is whole and on the disk, or not at all.
// It holds nothing that depends on the machine, the time or the number of
// workers: the same run has the same bytes wherever it is made. Two that differ
// are an error of determinism, [DiffersError].
package sweep
