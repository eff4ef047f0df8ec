package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// meter shows how far a command is: a bar on a terminal, which is gone at the
// end, and elsewhere a line now and then. It may be updated from many
// goroutines.
type meter struct {
	a     *app
	bar   bool
	mu    sync.Mutex
	begin time.Time
	last  time.Time // when something was shown
	share float64
	ended bool
	drawn *mpb.Progress
	shown *mpb.Bar
	text  atomic.Pointer[string] // beside the bar, whose goroutine must not wait for mu
}

const (
	meterDelay = 300 * time.Millisecond // short runs need no bar
	meterEvery = 10 * time.Second       // between lines
	meterSteps = 1000
)

func (a *app) startMeter() *meter {
	now := a.now()
	return &meter{a: a, bar: a.terminal(a.err.Writer) && a.getenv("TERM") != "dumb" && a.logFormat != "json", begin: now, last: now}
}

// update says which share is done, and of what.
func (m *meter) update(share float64, note string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.a.quiet || m.ended {
		return
	}
	m.share = share
	now := m.a.now()
	switch {
	case !m.bar && now.Sub(m.last) >= meterEvery:
		m.last = now
		m.a.log().Info("progress", "done", fmt.Sprintf("%.0f%%", 100*share), "at", note, "left", m.left(now))
	case m.bar && m.shown == nil && now.Sub(m.begin) >= meterDelay:
		m.draw()
	}
	if m.shown != nil {
		text := fmt.Sprintf(" %s, %s left", note, m.left(now))
		m.text.Store(&text)
		m.shown.SetCurrent(int64(share * meterSteps))
	}
}

// left guesses the time that is left, as text.
func (m *meter) left(now time.Time) string {
	if m.share <= 0 {
		return "?"
	}
	d := time.Duration(float64(now.Sub(m.begin)) / m.share * (1 - m.share))
	return d.Round(time.Second).String()
}

// draw begins the bar.
func (m *meter) draw() {
	m.text.Store(new(string))
	m.drawn = mpb.New(mpb.WithOutput(m.a.err.Writer), mpb.WithWidth(40), mpb.WithAutoRefresh())
	m.shown = m.drawn.New(meterSteps, mpb.BarStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Percentage(decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return *m.text.Load() })))
	m.a.err.share(m.drawn)
}

// end takes the bar away. It may be called twice.
func (m *meter) end() {
	m.mu.Lock()
	already := m.ended
	m.ended = true
	m.mu.Unlock()
	if already || m.shown == nil {
		return
	}
	m.a.err.share(nil)
	m.shown.Abort(true)
	m.drawn.Wait()
}
