package kv

import (
	"fmt"

	"meshsim/protocols/wire"
)

// Status says how a command went.
type Status uint8

// The ways in which a command ends. Beyond Mismatch it did nothing.
const (
	Done     Status = iota + 1 // Value: what get read or delete removed, 0 for none
	Mismatch                   // compare-and-swap found Value instead of what it expects
	Stale                      // the session is past this sequence number; Value is its last one
	Invalid                    // the bytes are no command, or not one that may be read-only
)

var statusNames = [...]string{"nothing", "done", "mismatch", "stale", "invalid"}

// String returns the status's name.
func (s Status) String() string {
	if int(s) >= len(statusNames) {
		return "unknown"
	}
	return statusNames[s]
}

// Result is the store's answer to a command.
type Result struct {
	Status  Status
	Value   uint64
	Payload int // bytes that a value read or removed has beside its number
}

// Size is the length of the wire form.
func (r *Result) Size() int { return 9 + payloadSize(r.Payload) }

// AppendTo appends the status, the value and the payload.
func (r *Result) AppendTo(b []byte) []byte {
	b = append(b, byte(r.Status))
	b = wire.AppendUint64(b, r.Value)
	return appendPayload(b, r.Payload)
}

// DecodeResult reads what AppendTo wrote.
func DecodeResult(b []byte) (Result, error) {
	r := wire.NewReader(b)
	x := readResult(&r)
	if err := r.Close("result"); err != nil {
		return Result{}, err
	}
	return x, nil
}

func readResult(r *wire.Reader) (x Result) {
	x.Status = Status(r.Uint8())
	if x.Status < Done || x.Status > Invalid {
		r.Fail(fmt.Errorf("unknown status %d", x.Status))
	}
	x.Value = r.Uint64()
	x.Payload = readPayload(r)
	return x
}

// String returns the result as traces print it.
func (r Result) String() string {
	if r.Status == Done && r.Value == 0 {
		return "done"
	}
	return fmt.Sprintf("%v %d", r.Status, r.Value)
}
