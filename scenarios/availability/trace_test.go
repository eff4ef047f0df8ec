package availability

import (
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/sim"
)

func madeUp(t *testing.T) *Trace {
	t.Helper()
	f, err := os.Open("testdata/made_up.avt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trace, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

func hours(bounds ...int) (list []sim.Span) {
	for i := 0; i < len(bounds); i += 2 {
		list = append(list, sim.Span{Start: time.Duration(bounds[i]) * time.Hour, End: time.Duration(bounds[i+1]) * time.Hour})
	}
	return list
}

func TestRead(t *testing.T) {
	trace := madeUp(t)
	want := []Row{
		{"always", hours(0, 10)},
		{"home", hours(0, 1, 2, 4, 5, 10)},
		{"late", hours(3, 4, 5, 6)},
		{"shop.example", hours(0, 1, 2, 4)}, // touching sessions joined, the empty one dropped
		{"never", nil},
	}
	if len(trace.Rows) != len(want) || trace.Start != 0 || trace.End != 10*time.Hour {
		t.Fatalf("%d rows from %v to %v", len(trace.Rows), trace.Start, trace.End)
	}
	sessions := trace.Sessions()
	for i, row := range trace.Rows {
		if row.Node != want[i].Node || !slices.Equal(row.Up, want[i].Up) || !slices.Equal(sessions[i], want[i].Up) {
			t.Errorf("row %d is %v, want %v", i, row, want[i])
		}
	}
	if got := trace.Availability(); math.Abs(got-(10+8+2+3)/50.) > 1e-12 {
		t.Errorf("availability is %g, want 0.46", got)
	}
}

func TestSessionsBeginWithTheTrace(t *testing.T) {
	trace, err := Read(strings.NewReader("a 1 100 160\nb 1 130.5 190\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := sim.Span{Start: 30500 * time.Millisecond, End: 90 * time.Second}
	if got := trace.Sessions()[1][0]; got != want {
		t.Errorf("session is %v, want %v", got, want)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"# nothing\na 0\n", "no node is ever up in this trace"},
		{"a", `line 1: "" is not a number of sessions; a row is: node, sessions, start, end, start, end …`},
		{"\na x 1 2", `line 2: "x" is not a number of sessions; a row is: node, sessions, start, end, start, end …`},
		{"a 2 1 2 3", "line 1: node a, session 2 of 2: the row ends early"},
		{"a 1 1 2 3", "line 1: node a: there is more after its 1 sessions"},
		{"a 1 1 2s", `line 1: node a, session 1 of 1: "2s" is not a time; write seconds from 0 to 4000000000`},
		{"a 1 -1 2", `line 1: node a, session 1 of 1: "-1" is not a time; write seconds from 0 to 4000000000`},
		{"a 1 NaN 2", `line 1: node a, session 1 of 1: "NaN" is not a time; write seconds from 0 to 4000000000`},
		{"a 1 5 2", "line 1: node a, session 1 of 1: it ends at 2s, before it starts at 5s"},
		{"a 2 0 5 4 6", "line 1: node a, session 2 of 2: it starts at 4s, before the last one ended at 5s"},
		{"a 1 0 5\nb 1000000000 0 5", "line 2: node b, session 2 of 1000000000: the row ends early"},
		{"a 1 0 5\n" + strings.Repeat("9", MaxRow), "line 2: longer than 16 MiB"},
	} {
		if _, err := Read(strings.NewReader(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
}

func TestReaderStreams(t *testing.T) {
	rows := NewReader(strings.NewReader("a 1 0 5\n# x\nb 0\n"))
	for _, want := range []string{"a", "b"} {
		if row, err := rows.Next(); err != nil || row.Node != want {
			t.Errorf("row is %v, %v; want node %s", row, err, want)
		}
	}
	if _, err := rows.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("error is %v, want EOF", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# c\na 2 0 5 7.5 9\n")
	f.Fuzz(func(t *testing.T, text string) {
		trace, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, row := range trace.Sessions() {
			end := time.Duration(-1)
			for _, s := range row {
				if s.Start <= end || s.End <= s.Start {
					t.Fatalf("sessions are %v", row)
				}
				end = s.End
			}
		}
		trace.Lengths(time.Second, true)
	})
}
