package scenarios

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/zones"
	"meshsim/sim"
)

// A compiler holds a scenario against itself and makes the kernel's declaration
// of it. What does not fit is reported where it was written; compiling goes on,
// so that all problems are found at once.
type compiler struct {
	*strict.Decoder
	*Scenario
	zones   *zones.Matrix
	metrics []protocols.MetricSpec

	lists  map[string][]protocols.NodeID // of sets, so that the same nodes are listed once
	listed int                           // nodes in all lists
}

func (c *compiler) compile() {
	c.readZones()
	c.compileNodes()
	c.checkProtocols()
	c.compileRun()
	c.checkTopology()
	c.compileNetwork()
	c.compileWorkload()
	c.compileFaults()
	c.checkMembership()
	c.wrapLiars()
	c.compileMetrics()
	c.compileExpect()
	c.compileSweep()
}

func (c *compiler) compileRun() {
	r := &c.Run
	if r.Warmup >= r.Duration {
		c.Report("run.warmup", "%v is not shorter than the duration of %v, so nothing would count", r.Warmup, r.Duration)
	}
	c.base.Duration, c.base.Warmup = r.Duration, r.Warmup
	c.base.Stop.Violation = slices.Contains(r.Stop, "violation")
	c.base.Stop.Reached = slices.Contains(r.Stop, "reached")
	c.base.Probes = true
	c.base.Keys = map[string]keys.New{"costed": keys.Costed, "real": keys.Real}[r.Crypto]
}

func (c *compiler) readZones() {
	z := c.Network.Zones
	if z == nil || z.Matrix == "" {
		return
	}
	var err error
	if strings.HasSuffix(z.Matrix, ".csv") {
		err = c.read(z.Matrix, func(f io.Reader) error {
			c.zones, err = zones.Read(f)
			return err
		})
	} else {
		c.zones, err = zones.Lookup(z.Matrix)
	}
	if err != nil {
		c.zones = nil
		c.Report("network.zones.matrix", "%v", err)
	}
}

// read opens a file that the scenario names; the error of use is told with the
// file's name.
func (c *compiler) read(file string, use func(io.Reader) error) error {
	f, err := c.open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	digest := sha256.New()
	content := io.TeeReader(f, digest)
	if err := use(content); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	c.inputs = append(c.inputs, fmt.Sprintf("%s %x", file, digest.Sum(nil)))
	return nil
}

// readSamples reads the durations of a distribution.
func (c *compiler) readSamples(file string) (d *draw.Dist, err error) {
	values, err := c.readDurations(file, time.Hour)
	if err != nil {
		return nil, err
	}
	slices.Sort(values)
	return draw.Empirical(values)
}

// readDurations reads durations up to most, one a line; empty lines and lines
// that begin with # are skipped.
func (c *compiler) readDurations(file string, most time.Duration) (values []int64, err error) {
	err = c.read(file, func(f io.Reader) error {
		lines := bufio.NewScanner(f)
		for at := 1; lines.Scan(); at++ {
			text := strings.TrimSpace(lines.Text())
			if text == "" || text[0] == '#' {
				continue
			}
			v, err := strict.ParseDuration(text)
			if err != nil {
				return fmt.Errorf("line %d: %w", at, err)
			}
			if v < 0 || v > most {
				return fmt.Errorf("line %d: %v is outside 0s…%v", at, v, most)
			}
			values = append(values, int64(v))
		}
		return lines.Err()
	})
	return values, err
}

// picked is a selection whose groups and zones were found.
type picked struct {
	whole bool // all nodes
	from  set
	share draw.Probability
	count int
	role  string
}

func (c *compiler) selector(p picked) sim.Selector {
	s := sim.Selector{Share: p.share, Count: p.count, Observed: p.role}
	if !p.whole && p.role == "" {
		s.From = c.list(p.from)
	}
	return s
}

// maxListed bounds the nodes that selectors list: a quarter of a gigabyte.
const maxListed = 1 << 26

// list lists the nodes of a set. Beyond the limit it lists the first alone, and
// the scenario is refused.
func (c *compiler) list(s set) []protocols.NodeID {
	key := fmt.Sprint(s)
	if ids, ok := c.lists[key]; ok {
		return ids
	}
	if before := c.listed; before <= maxListed {
		c.listed += s.count()
		if c.listed > maxListed {
			c.Report("", "selectors list more than %d nodes altogether; write all where all are meant, or fewer ranges", maxListed)
		}
	}
	if c.listed > maxListed {
		return []protocols.NodeID{s[0].lo}
	}
	if c.lists == nil {
		c.lists = map[string][]protocols.NodeID{}
	}
	ids := s.ids()
	c.lists[key] = ids
	return ids
}

// pick finds the nodes of one pick.
func (c *compiler) pick(p *Pick, path string) (picked, bool) {
	out := picked{share: p.share, count: p.count, role: p.role, whole: p.whole}
	if p.text == "" {
		return out, false // was reported
	}
	if p.role != "" {
		return out, c.checkRole(p.role, path)
	}
	from, err := c.plan.find(p)
	switch {
	case err != nil:
		c.Report(path, "%v", err)
		return out, false
	case p.count > from.count():
		c.Report(path, "%q wants %d of %d nodes", p.text, p.count, from.count())
		return out, false
	}
	out.from = from
	return out, true
}

// picks finds each pick of a selector; those that always name the same nodes
// are joined into the first.
func (c *compiler) picks(s Selector, path string) (out []picked) {
	var fixed *picked
	for i := range s {
		where := path
		if len(s) > 1 {
			where = indexed(path, i)
		}
		p, ok := c.pick(&s[i], where)
		switch {
		case !ok:
		case s[i].fixed() && fixed != nil:
			fixed.from = newSet(append(fixed.from, p.from...)...)
			fixed.whole = fixed.whole || p.whole
		case s[i].fixed():
			fixed = &p
		default:
			out = append(out, p)
		}
	}
	if fixed != nil {
		out = append([]picked{*fixed}, out...)
	}
	return out
}

// pickOne finds a selector that must be one selection: a fixed set, or one
// draw, or one role.
func (c *compiler) pickOne(s Selector, path string) (picked, bool) {
	all := c.picks(s, path)
	if len(all) > 1 {
		c.Report(path, "nodes that are drawn, or hold a role, cannot be joined with others here; write one selection")
	}
	if len(all) != 1 {
		return picked{}, false
	}
	return all[0], true
}

// pickFixed finds a selector that must always name the same nodes.
func (c *compiler) pickFixed(s Selector, path string) (picked, bool) {
	for i := range s {
		if !s[i].fixed() {
			c.Report(path, "%q is not the same nodes at all times; name groups, ranges or zones here", s[i].text)
			return picked{}, false
		}
	}
	return c.pickOne(s, path)
}

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// someOf lists the first few words.
func someOf(words []string) string {
	const few = 8
	if len(words) > few {
		return strings.Join(words[:few], ", ") + " …"
	}
	return strings.Join(words, ", ")
}
