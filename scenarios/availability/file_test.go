package availability

import (
	"flag"
	"os"
	"testing"
	"time"
)

var (
	traceFile  = flag.String("avt", "", "fit this .avt file and print the figures of FIT.md")
	resolution = flag.Duration("resolution", time.Hour, "how often the nodes of -avt were probed")
)

// Prints the figures of FIT.md for a file that the user has:
//
//	go test ./scenarios/availability -run FitOfFile -v -avt "$PWD/microsoft.avt" -resolution 1h
func TestFitOfFile(t *testing.T) {
	if *traceFile == "" {
		t.Skip("no -avt given")
	}
	f, err := os.Open(*traceFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trace, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d nodes, %.1f days, mean availability %.4f", len(trace.Rows), (trace.End-trace.Start).Hours()/24, trace.Availability())
	for _, byNode := range []bool{false, true} {
		up, down := trace.Lengths(*resolution, byNode)
		for _, s := range []struct {
			name string
			l    *Lengths
		}{{"sessions", up}, {"downtimes", down}} {
			t.Logf("%s, each node alike %v: n %d, censored %d, mean at least %.3gh", s.name, byNode, s.l.N, s.l.Censored, s.l.Mean().Hours())
			fits, err := FitAll(s.l)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range fits {
				t.Logf("  %-11s scale %10.5gh shape %6.4f mean %10.4gh logL %12.1f AIC %12.1f KS %.4f",
					f.Family, f.Scale.Hours(), f.Shape, f.Mean().Hours(), f.LogLikelihood, f.AIC, f.KS)
			}
		}
	}
}
