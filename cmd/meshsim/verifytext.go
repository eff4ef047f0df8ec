package main

import (
	"fmt"

	"meshsim/sim"
)

// verifyText tells of the ways, as they are run in words, or at the end as JSON.
type verifyText struct {
	*app
	entry *verifyEntry // nil: in words
}

// verifyEntry is what verify prints as JSON.
type verifyEntry struct {
	Replication int        `json:"replication"`
	Seed        uint64     `json:"seed"`
	Identical   bool       `json:"identical"`
	Ways        []wayEntry `json:"ways"`
	Difference  string     `json:"difference,omitempty"` // what differs, and the first event that does
}

type wayEntry struct {
	Way         string `json:"way"`
	Events      uint64 `json:"events"`
	Fingerprint string `json:"fingerprint"`
}

func (t *verifyText) way(w way, r *sim.Result) {
	if t.entry == nil {
		t.print("  %-28s %d events, fingerprint %016x\n", w.name, r.Events, r.Fingerprint)
		return
	}
	t.entry.Ways = append(t.entry.Ways, wayEntry{w.name, r.Events, fmt.Sprintf("%016x", r.Fingerprint)})
}

func (t *verifyText) identical(fingerprint uint64) {
	if t.entry == nil {
		t.print("identical: fingerprint %016x\n", fingerprint)
		return
	}
	t.entry.Identical = true
}

func (t *verifyText) different(format string, args ...any) {
	if t.entry == nil {
		t.print(format, args...)
		return
	}
	t.entry.Difference += fmt.Sprintf(format, args...)
}
