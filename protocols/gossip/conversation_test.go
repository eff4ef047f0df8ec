package gossip_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := gossip.Default()
			c.Fanout = 1
			if strings.Contains(strings.Join(words, " "), "anti_entropy.") {
				c.AntiEntropy = gossip.DefaultAntiEntropy()
			}
			if strings.Contains(strings.Join(words, " "), "aggregation.") {
				c.Aggregation = gossip.DefaultAggregation()
			}
			if err := configure(reflect.ValueOf(&c).Elem(), words); err != nil {
				return nil, err
			}
			return gossip.New(c), nil
		},
		Message: command,
		Item:    itemText,
	}.Run(t, "testdata/*.txt")
}

// configure sets fields by their keys: "mode=pull".
func configure(c reflect.Value, words []string) error {
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		if err := set(c, key, value); err != nil {
			return err
		}
	}
	return nil
}

func set(c reflect.Value, key, value string) error {
	outer, inner, nested := strings.Cut(key, ".")
	for i := range c.NumField() {
		if c.Type().Field(i).Tag.Get("key") != outer {
			continue
		}
		f := c.Field(i)
		if nested {
			return set(f.Elem(), inner, value)
		}
		v, err := parse(f, value)
		if err == nil {
			f.Set(v)
		}
		return err
	}
	return fmt.Errorf("no key %q", key)
}

// parse reads a value of a field as scenarios write it.
func parse(f reflect.Value, value string) (reflect.Value, error) {
	var v any = value
	var err error
	switch f.Interface().(type) {
	case time.Duration:
		v, err = time.ParseDuration(value)
	case bool:
		v, err = strconv.ParseBool(value)
	case int:
		number, unit := strings.CutSuffix(value, "KiB")
		v, err = strconv.Atoi(number)
		if unit {
			v = v.(int) << 10
		}
	}
	return reflect.ValueOf(v), err
}

func command(words []string) (protocols.Message, error) {
	switch {
	case len(words) == 2 && words[0] == "publish":
		return gossip.NewPublish([]byte(words[1])), nil
	case len(words) == 3 && words[0] == "put":
		return gossip.NewPut(words[1], []byte(words[2])), nil
	case len(words) == 2 && words[0] == "delete":
		return gossip.NewDelete(words[1]), nil
	case len(words) == 2 && words[0] == "set":
		v, err := strconv.ParseInt(words[1], 10, 64)
		return gossip.NewSet(v), err
	}
	return nil, fmt.Errorf("write publish <payload>, put <key> <value>, delete <key> or set <value>")
}

// itemText shows identities as messages show them.
func itemText(o protocols.Observation) string {
	switch o.Kind {
	case gossip.Redundant, gossip.Copies, gossip.Refused, gossip.ReadOnly, gossip.TurnedAway, gossip.Behind, gossip.CaughtUp:
		return fmt.Sprint(o.Value)
	case gossip.Written, gossip.Applied:
		return fmt.Sprintf("%x %d/%d", o.Key>>48, o.Value>>25, o.Value>>1&(1<<24-1))
	case gossip.Content:
		return "" // the value stands in the message
	case gossip.State:
		return fmt.Sprintf("%x keys %d", o.Key>>48, o.Value)
	case gossip.Local:
		return fmt.Sprint(int64(o.Value))
	case gossip.Estimate:
		return fmt.Sprintf("epoch %d: %v", int64(o.Key), float64(int64(o.Value))/(1<<24))
	case gossip.Exchanged:
		return fmt.Sprintf("%+v", float64(int64(o.Value))/(1<<24))
	}
	return gossip.ID(o.Key).String()
}
