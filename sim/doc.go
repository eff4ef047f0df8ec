// Package sim is the kernel: it drives nodes that keep the contract of package
// protocols through simulated time, against a declared network and declared
// faults, and counts what happens. It knows no protocol by name and no files.
package sim
