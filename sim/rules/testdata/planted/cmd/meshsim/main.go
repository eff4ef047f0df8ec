// Command meshsim does all.
package main

import (
	_ "github.com/sirupsen/logrus" // want layer
	_ "github.com/spf13/cobra"
	_ "meshsim/protocols/gossip"
	_ "meshsim/report"
	_ "meshsim/scenarios"
	_ "meshsim/sim"
)

func main() {}
