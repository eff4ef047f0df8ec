package stats_test

import (
	"fmt"

	"meshsim/report/stats"
)

// Is fanout 4 faster than 3, by more than the 5% that are worth its messages?
func Example() {
	var three, four []stats.Run
	for i := range 30 {
		three = append(three, stats.Run{Value: 0.95 + float64(i%7)/100})
		four = append(four, stats.Run{Value: 0.77 + float64(i%7)/100 + float64(i%4)/200})
	}
	c := stats.Compare(three, four, stats.Question{Margin: 0.05, OfBase: true})
	fmt.Printf("difference %.3f [%.3f, %.3f], %.1f%% [%.1f%%, %.1f%%]\n", c.Difference.Value, c.Difference.Lo, c.Difference.Hi,
		100*c.Relative.Value, 100*c.Relative.Lo, 100*c.Relative.Hi)
	fmt.Printf("better in %d of %d runs: %s\n", c.Wins, c.N, c.Verdict)
	// Output:
	// difference -0.173 [-0.175, -0.171], -17.7% [-17.9%, -17.4%]
	// better in 30 of 30 runs: better
}
