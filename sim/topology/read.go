package topology

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"meshsim/protocols"
)

// FromEdges reads an edge list for n nodes: on each line the numbers 0 … n-1 of
// two nodes, separated by blanks or a comma. Empty lines and what follows a #
// are skipped, and so is a first line of two words, a CSV header. Edges have no
// direction; one that is there twice counts once, a node that is not there has
// no neighbours. Errors name the line.
func FromEdges(r io.Reader, n int) (*Graph, error) {
	if err := checkNodes("edges", n, 1); err != nil {
		return nil, err
	}
	var edges []edge
	lines, first := bufio.NewScanner(r), true
	at := 0
	for lines.Scan() {
		at++
		text, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.FieldsFunc(text, separates)
		if len(fields) == 0 {
			continue
		}
		if header := first && len(fields) == 2 && !hasDigit(fields[0]) && !hasDigit(fields[1]); header {
			first = false
			continue
		}
		first = false
		e, err := parseEdge(fields, n)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", at, err)
		}
		if len(edges) == MaxEdges {
			return nil, fmt.Errorf("line %d: more than %d edges", at, MaxEdges)
		}
		edges = append(edges, e)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d: longer than %d bytes; write two node numbers a line", at+1, bufio.MaxScanTokenSize)
	} else if err != nil {
		return nil, fmt.Errorf("after line %d: %w", at, err)
	}
	if len(edges) == 0 && n > 1 {
		return nil, errors.New("there are no edges, so nobody knows anybody; write two node numbers a line")
	}
	return build(n, edges), nil
}

func separates(c rune) bool { return c == ' ' || c == '\t' || c == ',' || c == '\r' }

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func parseEdge(fields []string, n int) (edge, error) {
	if len(fields) != 2 {
		return edge{}, fmt.Errorf("%d columns; write two node numbers", len(fields))
	}
	a, err := parseNode(fields[0], n)
	if err != nil {
		return edge{}, err
	}
	b, err := parseNode(fields[1], n)
	if err != nil {
		return edge{}, err
	}
	if a == b {
		return edge{}, fmt.Errorf("node %d is joined to itself; remove the line", a)
	}
	return edge{a, b}, nil
}

func parseNode(s string, n int) (protocols.NodeID, error) {
	id, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not a node number; write one from 0 to %d", s, n-1)
	}
	if id >= uint64(n) {
		return 0, fmt.Errorf("node %d does not exist; nodes are 0 to %d", id, n-1)
	}
	return protocols.NodeID(id), nil
}
