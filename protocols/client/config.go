package client

import (
	"fmt"
	"time"

	"meshsim/protocols/draw"
)

// Config says what a client asks for, when, and how it persists. All of it holds
// for each client node by itself, on its own clock. The tags are for loaders of
// scenarios: the key as it is written, the default, one sentence of help.
type Config struct {
	Load     string    `key:"load" select:"true" default:"closed" doc:"when operations are asked for: each after the last is answered (closed loop), or at instants of their own, whatever the answers do (open loop)"`
	Closed   *Closed   `case:"closed" doc:"users who wait for an answer, think, and ask again"`
	Constant *Constant `case:"constant" doc:"open loop at equal distances"`
	Poisson  *Poisson  `case:"poisson" doc:"open loop, independent of one another"`
	Bursts   *Bursts   `case:"bursts" doc:"open loop, several at once"`
	Trace    *Trace    `case:"trace" doc:"open loop at given instants"`

	Ramp       *Ramp         `key:"ramp" off:"true" doc:"raise the load by steps, to find where it saturates the replicas"`
	Start      time.Duration `key:"start" default:"0s" doc:"when the load begins"`
	Stop       time.Duration `key:"stop" default:"0s" doc:"when the load ends; 0s: with the run"`
	Operations int           `key:"operations" default:"0" doc:"ask for so many at most; 0: no limit"`

	Keys    Keys             `key:"keys" doc:"which keys are asked for"`
	Reads   draw.Probability `key:"reads" default:"50%" doc:"share of the operations that get"`
	Swaps   draw.Probability `key:"swaps" default:"0%" doc:"share of the operations that compare and swap; they expect what the client saw last"`
	Deletes draw.Probability `key:"deletes" default:"0%" doc:"share of the operations that delete; all others put"`
	Payload int              `key:"payload" default:"100B" unit:"B" doc:"bytes of a value beside the number that tells it from all others"`

	Timeout    time.Duration `key:"timeout" default:"1s" doc:"how long an attempt waits for its answer"`
	Attempts   int           `key:"attempts" default:"0" doc:"failed attempts after which an operation is given up; 0: never. A redirect is no failure"`
	BackOff    time.Duration `key:"back_off" default:"50ms" doc:"mean time between a failed attempt and the next; doubled with each"`
	BackOffMax time.Duration `key:"back_off_max" default:"2s" doc:"the time between attempts is not doubled beyond this"`
	Outage     time.Duration `key:"outage" default:"1s" doc:"a time without any answer, though something was asked, that counts as unavailability"`
}

// Closed is a closed loop.
type Closed struct {
	Concurrency int           `key:"concurrency" default:"1" doc:"operations under way at a time"`
	Think       time.Duration `key:"think" default:"0s" doc:"mean time between an answer and the next operation"`
	Thinking    string        `key:"thinking" default:"exponential" enum:"exponential,constant" doc:"how that time is distributed"`
}

// Constant is an open loop of operations at equal distances.
type Constant struct {
	Rate Rate `key:"rate" default:"100/s" doc:"operations a time"`
	Room `key:",inline"`
}

// Poisson is an open loop of independent operations.
type Poisson struct {
	Rate Rate `key:"rate" default:"100/s" doc:"mean number of operations a time"`
	Room `key:",inline"`
}

// Bursts is an open loop of several operations at once.
type Bursts struct {
	Size  int           `key:"size" default:"10" doc:"operations in a burst"`
	Every time.Duration `key:"every" default:"1s" doc:"time between bursts"`
	Room  `key:",inline"`
}

// Trace is an open loop at given instants.
type Trace struct {
	File     string          `key:"file" example:"requests.txt" doc:"a file with one instant a line, which a loader reads into instants"`
	Instants []time.Duration `key:"instants" doc:"when operations are asked for, counted from start, in order"`
	Room     `key:",inline"`
}

// Room bounds what an open loop holds.
type Room struct {
	Concurrency int `key:"concurrency" default:"256" doc:"operations under way at a time; more wait in the client"`
	Queue       int `key:"queue" default:"10000" doc:"operations that wait in the client; more are dropped"`
}

// Ramp raises the load: the rate of an open loop, the concurrency of a closed one.
type Ramp struct {
	Steps int           `key:"steps" default:"10" doc:"steps from nothing to the full load; the first one counts"`
	Every time.Duration `key:"every" default:"5s" doc:"how long a step lasts"`
}

// Default returns the configuration of a scenario that names nothing: one
// operation after the other.
func Default() *Config {
	return &Config{
		Load: "closed", Closed: &Closed{Concurrency: 1, Thinking: "exponential"},
		Keys: DefaultKeys(), Reads: draw.Ratio(1, 2), Payload: 100,
		Timeout: time.Second, BackOff: 50 * time.Millisecond, BackOffMax: 2 * time.Second, Outage: time.Second,
	}
}

// DefaultRoom is the room of an open loop that names none.
func DefaultRoom() Room { return Room{Concurrency: 256, Queue: 10000} }

// Rate is how often something happens: Count times in each Per.
type Rate struct {
	Count int64
	Per   time.Duration
}

// UnmarshalText reads a rate as in 500/s, 30/min or 1/250ms.
func (r *Rate) UnmarshalText(b []byte) error {
	var count int64
	var per string
	if n, _ := fmt.Sscanf(string(b), "%d/%s", &count, &per); n == 2 && count > 0 {
		switch per {
		case "ms", "s", "m", "h":
			per = "1" + per
		case "min":
			per = "1m"
		}
		if d, err := time.ParseDuration(per); err == nil && d > 0 {
			*r = Rate{count, d}
			return nil
		}
	}
	return fmt.Errorf("%q is not a rate; write 500/s, 30/min or 1/250ms", b)
}

// MarshalText writes the count and the time.
func (r Rate) MarshalText() ([]byte, error) {
	switch r.Per {
	case time.Millisecond:
		return fmt.Appendf(nil, "%d/ms", r.Count), nil
	case time.Second:
		return fmt.Appendf(nil, "%d/s", r.Count), nil
	case time.Minute:
		return fmt.Appendf(nil, "%d/min", r.Count), nil
	case time.Hour:
		return fmt.Appendf(nil, "%d/h", r.Count), nil
	}
	return fmt.Appendf(nil, "%d/%v", r.Count, r.Per), nil
}
