package client_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

// loads are one configuration for each form of load.
func loads() map[string]*client.Config {
	list := map[string]*client.Config{}
	for _, name := range []string{"closed", "constant", "poisson", "bursts", "trace"} {
		c := client.Default()
		c.Load = name
		c.Keys.Count = 40
		c.Reads, c.Swaps, c.Deletes = draw.Ratio(2, 5), draw.Ratio(1, 5), draw.Ratio(1, 10)
		c.Timeout = 100 * time.Millisecond
		list[name] = c
	}
	list["closed"].Closed.Concurrency = 3
	list["closed"].Closed.Think = 100 * time.Millisecond
	list["constant"].Constant = &client.Constant{Rate: client.Rate{Count: 7, Per: time.Second}, Room: client.DefaultRoom()}
	list["poisson"].Poisson = &client.Poisson{Rate: client.Rate{Count: 7, Per: time.Second}, Room: client.DefaultRoom()}
	list["poisson"].Ramp = &client.Ramp{Steps: 4, Every: 3 * time.Second}
	list["bursts"].Bursts = &client.Bursts{Size: 9, Every: time.Second, Room: client.Room{Concurrency: 3, Queue: 3}}
	list["trace"].Trace = &client.Trace{Instants: []time.Duration{0, 0, time.Second, 7 * time.Second, 25 * time.Second}, Room: client.DefaultRoom()}
	return list
}

func TestLaws(t *testing.T) {
	for name, c := range loads() {
		t.Run(name, func(t *testing.T) {
			protocoltest.TestProtocol(t, store(c, &faults{reject: 1}), protocoltest.Setup{Duration: 30 * time.Second, Seeds: 2, Seal: protocoltest.Reseal, Nodes: 4,
				Spared: []protocols.NodeID{0}}) // the store
		})
	}
}
