package strict

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"meshsim/protocols/draw"
)

// fake has one of everything that can be declared.
type fake struct {
	Name    string            `key:"name" required:"true" example:"demo" doc:"what it is called"`
	Run     fakeRun           `key:"run" doc:"how long"`
	Groups  Map[fakeGroup]    `key:"groups" doc:"in order"`
	Shape   fakeShape         `key:"shape" doc:"who knows whom" default:"full"`
	Link    fakeLink          `key:"link" doc:"the default"`
	Links   []fakeRule        `key:"links" doc:"rules"`
	Events  []fakeEvent       `key:"events" doc:"what happens"`
	Proto   fakeProtos        `key:"proto" doc:"what runs"`
	Words   []string          `key:"words" enum:"red,green,blue" doc:"colours" default:"[red]"`
	Limits  Map[List[string]] `key:"limits" doc:"by name"`
	Enabled bool              `key:"enabled" doc:"on or off" default:"true"`
	Weight  float64           `key:"weight" doc:"a number" max:"10"`
	Later   struct{}          `key:"later" refuse:"not yet; leave it out"`
}

type fakeRun struct {
	Duration time.Duration `key:"duration" default:"60s" min:"1ms" doc:"simulated time"`
	Seed     uint64        `key:"seed" default:"1" doc:"root"`
	Repeat   int           `key:"repeat" default:"1" min:"1" max:"1000" doc:"replications"`
	Shift    time.Duration `key:"shift" min:"-1h" max:"1h" doc:"may be negative"`
}

type fakeGroup struct {
	Count int              `key:"count" required:"true" example:"100" doc:"members" min:"1"`
	Drift Drift            `key:"drift" max:"500000ppm" doc:"of the clock"`
	Bytes int64            `key:"bytes" unit:"size" doc:"a plain type with a unit" max:"1MiB"`
	Proto Over[fakeProtos] `key:"proto" doc:"override"`
}

type fakeShape struct {
	Kind  string     `key:"kind" select:"true" short:"true" default:"full" doc:"which"`
	Full  *fakeFull  `case:"full" doc:"everybody"`
	Ring  *fakeRing  `case:"ring" doc:"a circle"`
	Small *fakeSmall `case:"small-world" doc:"Watts and Strogatz"`
}

type fakeFull struct{}

type fakeRing struct {
	Degree int `key:"degree" default:"2" doc:"neighbours" min:"1"`
}

type fakeSmall struct {
	Degree int              `key:"degree" default:"8" doc:"neighbours"`
	Rewire draw.Probability `key:"rewire" default:"10%" doc:"moved links"`
}

type fakeLink struct {
	Latency   time.Duration `key:"latency" default:"10ms" alias:"delay" doc:"one way"`
	Loss      fakeLoss      `key:"loss" doc:"lost messages"`
	Bandwidth Bandwidth     `key:"bandwidth" alias:"rate" doc:"of the line"`
}

type fakeLoss struct {
	Model     string         `key:"model" select:"true" default:"bernoulli" doc:"which"`
	Bernoulli *fakeBernoulli `case:"bernoulli" doc:"independent"`
	Bursts    *fakeBursts    `case:"gilbert-elliott" doc:"in bursts"`
}

type fakeBernoulli struct {
	P draw.Probability `key:"p" short:"true" default:"0%" doc:"chance"`
}

type fakeBursts struct {
	P draw.Probability `key:"p" default:"1%" doc:"into the bad state"`
	R draw.Probability `key:"r" required:"true" example:"30%" doc:"out of it"`
}

type fakeRule struct {
	From List[string]   `key:"from" required:"true" example:"core" doc:"who"`
	Link Over[fakeLink] `key:",inline"`
}

type fakeEvent struct {
	At    time.Duration `key:"at" default:"0s" doc:"when"`
	Crash *fakeCrash    `key:"crash" one:"verb" doc:"stop"`
	Pause *fakeCrash    `key:"pause" one:"verb" doc:"freeze"`
}

type fakeCrash struct {
	Nodes List[string] `key:"nodes" short:"true" required:"true" example:"core-0" doc:"who"`
	Rate  Rate         `key:"rate" doc:"how often"`
}

type fakeProtos struct {
	Gossip *fakeGossip `key:"gossip" off:"true" doc:"rumors"`
	Beat   *fakeBeat   `key:"beat" off:"true" doc:"heartbeats"`
}

type fakeGossip struct {
	Fanout   int           `key:"fanout" default:"3" min:"1" doc:"peers a round"`
	Mode     string        `key:"mode" default:"push" enum:"push,pull,push-pull" doc:"who sends"`
	Interval time.Duration `key:"interval" default:"2s" doc:"between rounds"`
}

type fakeBeat struct {
	Interval time.Duration `key:"interval" default:"1s" doc:"between beats"`
	Timeout  time.Duration `key:"timeout" default:"5s" doc:"until suspected"`
}

type fakeProblem struct{ Path, Message string }

func (b *fakeBeat) Validate() []fakeProblem {
	if b.Timeout <= b.Interval {
		return []fakeProblem{{"timeout", b.Timeout.String() + " must be longer than the interval, " + b.Interval.String()}}
	}
	return nil
}

// read decodes a fake and applies its overlays.
func read(text string, overrides ...string) (*fake, error) {
	d := Parse("f.yaml", []byte(text), overrides)
	var f fake
	d.Decode(&f)
	for i := range f.Groups {
		f.Groups[i].Value.Proto.Apply(d, f.Proto)
	}
	for i := range f.Links {
		f.Links[i].Link.Apply(d, f.Link)
	}
	return &f, d.Err()
}

const whole = `
name: demo
run: {duration: 1m30s, seed: 18446744073709551615, shift: -5ms}
groups:
  zebra: {count: 3, drift: -50ppm, bytes: 1KiB}
  ant: {count: 1, proto: {gossip: {fanout: 5}, beat: off}}
  bee: {count: 2, proto: }
shape: {kind: small-world, rewire: 1/3}
link: {latency: 20ms, loss: 1%, bandwidth: 100Mbit/s}
links:
  - {from: core, latency: 5ms, bandwidth: unlimited}
  - {from: [a, b], loss: {p: 2%}}
  - {from: c, loss: {model: gilbert-elliott, r: 30%}}
events:
  - {at: 1s, crash: core-0}
  - pause: {nodes: [a, b], rate: 0.5/s}
proto: {gossip: {mode: pull}, beat: }
words: [green, blue]
limits: {p: ["a < 1", b], q: single}
weight: 2.5
`

func TestEverythingIsRead(t *testing.T) {
	f, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	if f.Run.Duration != 90*time.Second || f.Run.Seed != 1<<64-1 || f.Run.Repeat != 1 || f.Run.Shift != -5*time.Millisecond {
		t.Errorf("run = %+v", f.Run)
	}
	if got := strings.Join(f.Groups.Keys(), " "); got != "zebra ant bee" {
		t.Errorf("groups in order %q", got)
	}
	zebra, ant := f.Groups.Get("zebra"), f.Groups.Get("ant")
	if zebra.Drift != -50_000 || zebra.Bytes != 1024 || zebra.Proto.Written {
		t.Errorf("zebra = %+v", zebra)
	}
	if g := ant.Proto.Value.Gossip; g.Fanout != 5 || g.Mode != "pull" || ant.Proto.Value.Beat != nil {
		t.Errorf("ant runs %+v, %+v", g, ant.Proto.Value.Beat)
	}
	if f.Proto.Gossip.Fanout != 3 || f.Proto.Beat.Interval != time.Second {
		t.Errorf("an override changed its base: %+v", f.Proto.Gossip)
	}
	if s := f.Shape.Small; s == nil || s.Degree != 8 || s.Rewire != draw.Ratio(1, 3) || f.Shape.Full != nil {
		t.Errorf("shape = %+v", f.Shape)
	}
	if l := f.Links[0].Link.Value; l.Latency != 5*time.Millisecond || l.Bandwidth != 0 || l.Loss.Bernoulli.P != draw.Ratio(1, 100) {
		t.Errorf("first rule = %+v", l)
	}
	if l := f.Links[1].Link.Value; l.Latency != 20*time.Millisecond || l.Loss.Bernoulli.P != draw.Ratio(2, 100) {
		t.Errorf("second rule = %+v", l)
	}
	if l := f.Links[2].Link.Value.Loss; l.Bernoulli != nil || l.Bursts.P != draw.Ratio(1, 100) || l.Bursts.R != draw.Ratio(3, 10) {
		t.Errorf("third rule = %+v", l)
	}
	if f.Link.Loss.Bernoulli.P != draw.Ratio(1, 100) {
		t.Errorf("a rule changed the default")
	}
	if e := f.Events; e[0].Crash.Nodes[0] != "core-0" || e[1].Pause.Rate != (Rate{1, 2 * time.Second}) {
		t.Errorf("events = %+v", e)
	}
	if !reflect.DeepEqual(f.Words, []string{"green", "blue"}) || !f.Enabled || f.Weight != 2.5 {
		t.Errorf("words = %v, enabled %v", f.Words, f.Enabled)
	}
	if l := *f.Limits.Get("p"); l[0] != "a < 1" || (*f.Limits.Get("q"))[0] != "single" {
		t.Errorf("limits = %v", f.Limits)
	}
}

func TestDefaults(t *testing.T) {
	f, err := read("name: x")
	if err != nil {
		t.Fatal(err)
	}
	if f.Run.Duration != time.Minute || f.Shape.Kind != "full" || f.Shape.Full == nil || f.Link.Loss.Bernoulli == nil ||
		f.Proto.Gossip != nil || !reflect.DeepEqual(f.Words, []string{"red"}) {
		t.Errorf("defaults = %+v", f)
	}
}

func TestFormatIsAFixpoint(t *testing.T) {
	f, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	first := Format(f)
	g, err := read(string(first))
	if err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	if second := Format(g); string(first) != string(second) {
		t.Errorf("first:\n%s\nsecond:\n%s", first, second)
	}
	if g.Links[0].Link.Value.Bandwidth != 0 || g.Groups.Get("ant").Proto.Value.Beat != nil {
		t.Error("what an overlay takes away came back")
	}
}

func TestOverrides(t *testing.T) {
	f, err := read(whole, "run.seed=7", "links[0].latency=1ms", "links.1.loss=0%", "proto.beat.timeout=9s",
		"groups.ant.proto.gossip={fanout: 9}", "shape=ring", "limits.new=[x, y]")
	if err != nil {
		t.Fatal(err)
	}
	if f.Run.Seed != 7 || f.Links[0].Link.Value.Latency != time.Millisecond || f.Links[1].Link.Value.Loss.Bernoulli.P != 0 ||
		f.Proto.Beat.Timeout != 9*time.Second || f.Groups.Get("ant").Proto.Value.Gossip.Fanout != 9 ||
		f.Shape.Ring == nil || len(*f.Limits.Get("new")) != 2 {
		t.Errorf("overrides were not taken: %+v", f)
	}
}
