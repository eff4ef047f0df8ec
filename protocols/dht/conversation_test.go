package dht_test

import (
	"fmt"
	"strconv"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := dht.Default()
			c.Successors, c.Copies = 2, 1
			for _, w := range words {
				switch w {
				case "join":
					c.Ring, c.Spread = "join", 0
				case "recursive":
					c.Lookup = w
				default:
					return nil, fmt.Errorf("unknown word %q", w)
				}
			}
			return dht.New(c), nil
		},
		Item: func(o protocols.Observation) string {
			if o.Kind <= dht.Predecessor {
				return "" // places are hashes
			}
			return fmt.Sprintf("%x %x", o.Key, o.Value)
		},
		Message: func(words []string) (protocols.Message, error) {
			if words[0] == "depart" {
				return dht.NewDepart(), nil
			}
			if len(words) < 2 {
				return nil, fmt.Errorf("write lookup, read or write, and 16 hexadecimal digits; or depart")
			}
			key, err := strconv.ParseUint(words[1], 16, 64)
			switch words[0] {
			case "lookup":
				return dht.NewLookup(key), err
			case "read":
				return dht.NewRead(key), err
			case "write":
				return dht.NewWrite(key, []byte("v")), err
			}
			return nil, fmt.Errorf("unknown message %q", words[0])
		},
	}.Run(t, "testdata/*.txt")
}
