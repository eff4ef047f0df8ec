package protocoltest

import (
	"bytes"
	"reflect"
	"runtime"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// checkCodec takes each message to bytes and back.
func checkCodec(r *run, fail failure) {
	seen := make([]bool, len(r.protocol.Kinds))
	for _, k := range r.Unsent {
		seen[k] = true
	}
	for i := range r.messages {
		m := r.messages[i].message
		if int(m.Kind()) < len(seen) {
			seen[m.Kind()] = true
		}
		roundTrip(r.protocol, m, fail)
	}
	for k, ok := range seen {
		if !ok {
			fail("the inputs make no message of kind %s, so it is not tested", r.protocol.Kinds[k])
		}
	}
}

func roundTrip(p *protocols.Protocol, m protocols.Message, fail failure) {
	if reflect.TypeOf(m).Kind() != reflect.Pointer {
		fail("%T is not a pointer, so sending it copies it", m)
	}
	wire := m.AppendTo(nil)
	if m.Size() != len(wire) {
		fail("%s says it has %d bytes and has %d", text(m), m.Size(), len(wire))
	}
	if got := m.AppendTo([]byte("prefix")); !bytes.Equal(got, append([]byte("prefix"), wire...)) {
		fail("%s: AppendTo depends on what is there already", text(m))
	}
	buffer := bytes.Clone(wire)
	back, err := p.Decode(buffer)
	if err != nil {
		fail("%s does not decode: %v", text(m), err)
		return
	}
	if !bytes.Equal(buffer, wire) {
		fail("%s: Decode changes what it reads", text(m))
	}
	for i := range buffer {
		buffer[i] ^= 0xff
	}
	if again := back.AppendTo(nil); back.Kind() != m.Kind() || back.Size() != len(wire) || !bytes.Equal(again, wire) {
		fail("%s is kind %d %x, decoded kind %d %x", text(m), m.Kind(), wire, back.Kind(), again)
	}
	if reflect.TypeOf(back) != reflect.TypeOf(m) {
		fail("%T decodes as %T", m, back)
	}
}

// Decoding may allocate so many bytes for each byte it reads, and so many for
// each message.
const (
	bytesPerByte    = 128
	bytesPerMessage = 4096
)

// checkHostile damages messages and hands them to Decode, and what decodes to
// nodes.
func checkHostile(r *run, fail failure) {
	rand := draw.New(uint64(r.seed))
	inputs := hostile(r, &rand)
	var before, after runtime.MemStats
	size := 0
	runtime.ReadMemStats(&before)
	var decoded []protocols.Message
	for _, b := range inputs {
		size += len(b)
		if m := tryDecode(r.protocol, b, fail); m != nil {
			decoded = append(decoded, m)
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(size*bytesPerByte+len(inputs)*bytesPerMessage) {
		fail("Decode allocates %d bytes for %d hostile messages of together %d bytes", used, len(inputs), size)
	}
	feed(r, decoded, &rand, fail)
}

func tryDecode(p *protocols.Protocol, b []byte, fail failure) (m protocols.Message) {
	defer func() {
		if err := recover(); err != nil {
			m = nil
			fail("Decode(%x) panics: %v", b, err)
		}
	}()
	m, err := p.Decode(b)
	switch {
	case err != nil:
		return nil
	case m == nil:
		fail("Decode(%x) returns neither a message nor an error", b)
	case !bytes.Equal(m.AppendTo(nil), b):
		fail("Decode accepts %x, but that message is written %x", b, m.AppendTo(nil))
		return nil
	}
	return m
}

// hostile makes damaged messages: cut, lengthened, with bytes changed or moved,
// and noise.
func hostile(r *run, rand *draw.Rand) (list [][]byte) {
	seal := r.Seal
	if seal == nil {
		seal = func(b []byte) []byte { return b }
	}
	step := max(len(r.messages)/64, 1)
	for i := 0; i < len(r.messages); i += step {
		wire := r.messages[i].wire
		for range 16 {
			b := damage(bytes.Clone(wire), rand)
			list = append(list, b, seal(bytes.Clone(b)))
		}
		for cut := 0; cut < min(len(wire), 64); cut++ {
			list = append(list, wire[:cut], seal(bytes.Clone(wire[:cut])))
		}
	}
	for range 512 {
		b := make([]byte, rand.IntN(64))
		for i := range b {
			b[i] = byte(rand.Uint64())
		}
		list = append(list, b, seal(bytes.Clone(b)))
	}
	return list
}

func damage(b []byte, rand *draw.Rand) []byte {
	for range 1 + rand.IntN(3) {
		if len(b) == 0 {
			return b
		}
		i := rand.IntN(len(b))
		switch rand.IntN(6) {
		case 0:
			b[i] ^= 1 << rand.IntN(8)
		case 1:
			b[i] = 0xff
		case 2:
			b[i] = 0
		case 3:
			b = append(b[:i:i], b[min(i+1+rand.IntN(4), len(b)):]...)
		case 4:
			b = append(b, b[i:]...)
		case 5:
			b = append(b[:i:i], append([]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, b[i:]...)...)
		}
	}
	return b
}

// feed hands messages of a liar to the nodes at the end of the recorded run.
func feed(r *run, messages []protocols.Message, rand *draw.Rand, fail failure) {
	p := newReplay(r, false)
	broken := false
	p.until(func(string, ...any) { broken = true })
	if broken {
		return // that law has been broken before
	}
	env := newEnv()
	for _, m := range messages {
		c := call{do: receive, node: protocols.NodeID(rand.IntN(r.Nodes)), now: protocols.Time(r.Duration),
			from: protocols.NodeID(rand.IntN(r.Nodes)), message: m, key: rand.Uint64()}
		if rand.IntN(8) == 0 {
			c.from = protocols.External
		}
		if p.nodes[c.node] == nil {
			continue
		}
		env.Reset(c.node, c.now, c.key, &p.disks[c.node])
		if !survives(&c, p.nodes[c.node], env, fail) {
			return
		}
		if n := max(len(env.Sends), len(env.Timers), len(env.Observations), len(env.Announcements)); n > r.MaxSends {
			fail("%v asks for %d things at once, limit %d", &c, n, r.MaxSends)
		}
	}
}

func survives(c *call, n protocols.Node, env *protocols.Env, fail failure) (ok bool) {
	defer func() {
		if err := recover(); err != nil {
			fail("%v, and panics: %v", c, err)
		}
	}()
	c.on(n, env)
	return true
}
