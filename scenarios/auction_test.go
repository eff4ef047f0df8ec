package scenarios

import (
	"strings"
	"testing"
)

const sold = `meshsim: 1
name: sold
description: tasks that are bid for
run: {duration: 10s, seed: 1}
nodes:
  plain: {count: 4}
  gpus: {count: 2, protocols: {task: {capabilities: [gpu]}}}
protocols:
  task:
    strategy: auction
    auction: {weights: {match: 40%, load: 30%}}
workload:
  - {submit: {to: plain, needs: [gpu], rate: 1/s}, start: 1s, stop: 5s}
`

// What is wrong with an auction is found where it is written, with advice.
func TestAuctionRefused(t *testing.T) {
	if _, err := Parse("sold.yaml", []byte(sold), nil); err != nil {
		t.Fatal(err)
	}
	const block = "protocols.task.auction."
	for _, c := range []struct{ set, want string }{
		{block + "weights.load=40%", block + "weights: are 110% together, must be 100%; write {match: 40%, load: 30%, performance: 20%, resources: 10%}"},
		{block + "weights={match: 90%}", block + "weights: are 150% together"},
		{block + "weights={match: 40%, load: 30%, performance: 20%, resources: 9.99%}", block + "weights: are 99.99% together"},
		{"nodes.gpus.protocols.task.auction.weights.match=0%", "nodes.gpus.protocols.task.auction.weights: are 60% together"},
		{block + "weights.luck=10%", `unknown field "luck"`},
		{block + "sample=0", block + "sample: is 0; write 1 to 1024"},
		{block + "deadline=0s", block + "deadline: is 0s; write 1us"},
		{block + "announce=neighbors", `did you mean "neighbours"?`},
		{block + "retry_max=100ms", block + "retry_max: is 100ms, must be at least the retry of 200ms"},
		{"workload[0].submit.needs=[fpga]", "no node offers enough of fpga"},
	} {
		_, err := Parse("sold.yaml", []byte(sold), []string{c.set})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.set, err, c.want)
		}
	}
	text := strings.Replace(sold, "load: 30%", "load: 31%", 1)
	if _, err := Parse("sold.yaml", []byte(text), nil); err == nil || !strings.HasPrefix(err.Error(), "sold.yaml:11:24: protocols.task.auction.weights: ") {
		t.Errorf("the place of weights that are too much: %v", err)
	}
}
