package client

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// pending are the operations of one client that are neither answered nor given
// up, by sequence number, which is the order of asking.
type pending struct {
	list  []wanted
	left  int  // of the list, that are not done
	began bool // something was asked for
}

// wanted is an operation as a probe sees it.
type wanted struct {
	sequence uint64
	since    protocols.Time
	op       kv.Op
	done     bool
}

func (p *pending) add(w wanted) {
	p.list = append(p.list, w)
	p.left++
	p.began = true
}

// take removes an operation; ok is false if it is not there.
func (p *pending) take(sequence uint64) (w wanted, ok bool) {
	i, ok := slices.BinarySearchFunc(p.list, sequence, func(w wanted, s uint64) int { return cmp.Compare(w.sequence, s) })
	if !ok || p.list[i].done {
		return w, false
	}
	w, p.list[i].done = p.list[i], true
	if p.left--; 2*p.left <= len(p.list) {
		p.list = slices.DeleteFunc(p.list, func(w wanted) bool { return w.done })
	}
	return w, true
}

// all returns the operations that are left, in order.
func (p *pending) all() []wanted {
	return slices.DeleteFunc(slices.Clone(p.list), func(w wanted) bool { return w.done })
}

// outages finds the times in which nothing was answered though something was asked.
type outages struct {
	least time.Duration // that counts
	asked int           // operations that wait for an answer
	since protocols.Time
	count int
	total time.Duration
	most  time.Duration
}

func (o *outages) ask(at protocols.Time) {
	if o.asked == 0 {
		o.since = at
	}
	o.asked++
}

func (o *outages) answer(at protocols.Time) {
	o.asked--
	o.cut(at)
}

// fail ends the wait of one operation without an answer.
func (o *outages) fail(at protocols.Time) {
	if o.asked--; o.asked == 0 {
		o.cut(at)
	}
}

// cut ends a time without answers.
func (o *outages) cut(at protocols.Time) {
	d := time.Duration(at - o.since)
	o.since = at
	o.most = max(o.most, d)
	if d >= o.least {
		o.count++
		o.total += d
	}
}
