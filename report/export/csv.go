package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"meshsim/sim"
)

// csvHeader names the columns of a trace as a table.
const csvHeader = "at_ns,what,node,peer,protocol,name,size,work_ns,item,value,key,cause\n"

// A CSV writes a trace as comma-separated values (RFC 4180, with line feeds), one
// event a line, in the total order of the run. Nodes go by their names; what does
// not apply is empty; keys are hexadecimal. It is a [sim.Tracer].
type CSV struct {
	w    *bufio.Writer
	name Naming
	line []byte
}

// NewCSV returns a CSV on w. Close must be called at the end.
func NewCSV(w io.Writer, name Naming) *CSV {
	c := &CSV{w: bufio.NewWriterSize(w, 1<<16), name: name}
	c.w.WriteString(csvHeader) // Close returns errors
	return c
}

// Trace writes events.
func (c *CSV) Trace(events []sim.TraceEvent) {
	for i := range events {
		c.line = c.append(c.line[:0], &events[i])
		c.w.Write(c.line)
	}
}

// Close writes what is still in memory and returns the first error.
func (c *CSV) Close() error {
	if err := c.w.Flush(); err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return nil
}

func (c *CSV) append(b []byte, e *sim.TraceEvent) []byte {
	b = strconv.AppendInt(b, int64(e.At), 10)
	peer := ""
	if hasPeer(e.What) {
		peer = c.name.peer(e.Peer)
	}
	for _, text := range []string{string(e.What), c.name.peer(e.Node), peer, e.Protocol, e.Name} {
		b = append(append(b, ','), quoted(text)...)
	}
	b = number(b, uint64(e.Size), e.Size != 0)
	b = number(b, uint64(e.Work), e.Work != 0)
	b = number(b, e.Item, e.Item != 0 || e.What == sim.TraceObserve)
	b = number(b, e.Value, e.Value != 0 || e.What == sim.TraceObserve)
	for _, key := range []uint64{e.Key, e.Cause} {
		if b = append(b, ','); key != 0 {
			b = fmt.Appendf(b, "%016x", key)
		}
	}
	return append(b, '\n')
}

func number(b []byte, v uint64, there bool) []byte {
	if b = append(b, ','); there {
		b = strconv.AppendUint(b, v, 10)
	}
	return b
}

// quoted puts quotes around what would be taken for more than a value.
func quoted(text string) string {
	if strings.ContainsAny(text, ",\"\r\n") {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

func hasPeer(what sim.TraceKind) bool {
	return what == sim.TraceSend || what == sim.TraceDeliver || what == sim.TraceDrop || what == sim.TraceDuplicate
}

// isCall reports whether an event is a call of a node.
func isCall(what sim.TraceKind) bool {
	return what == sim.TraceDeliver || what == sim.TraceExpire || what == sim.TraceHear || what == sim.TraceStart
}
