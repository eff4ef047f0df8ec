// Command meshsim simulates peer-to-peer and replicated systems: it runs the
// real code of protocols on many virtual nodes, through the faults that a
// scenario declares, and says whether what the scenario expects held.
//
// Standard output carries results alone; progress, logs and errors go to
// standard error. What the exit codes mean is in exit.go, and in
// "meshsim help exit-codes".
//
// Each subcommand has a file of its name. They share an [app], which holds all
// that they touch of the world, so that tests can give them another.
package main

import "os"

func main() {
	os.Exit(newApp().main(os.Args[1:]))
}
