package main

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshsim/scenarios/strict"
)

func (a *app) cryptoCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "crypto",
		Short: "What signatures and tags cost on this machine, for a scenario's cpu",
		Long: `Measures on one core how long an ed25519 signature of a digest takes, the check of
one, and an HMAC-SHA-256 tag whose key is at hand. It prints the fastest of many
short rounds, since all that others do on the machine only slows them, and what to
write in a scenario. The median stands behind it: if it is far off, the machine is
not idle.`,
		Example: `  meshsim bench crypto`,
		Args:    a.none,
		RunE:    func(c *cobra.Command, _ []string) error { return a.benchCrypto(c.Context(), asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON in place of the text")
	return c
}

// A primitive is an operation to measure: calls of it make a round.
type primitive struct {
	key, what string
	calls     int
	call      func(i int)
}

// primitives are the operations that env.Sign and its like stand for, each on a
// digest of its own.
func primitives() []primitive {
	const kept = 1024
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := private.Public().(ed25519.PublicKey)
	digests, signatures := make([][32]byte, kept), make([][]byte, kept)
	for i := range digests {
		digests[i] = sha256.Sum256(binary.LittleEndian.AppendUint64(nil, uint64(i)))
		signatures[i] = ed25519.Sign(private, digests[i][:])
	}
	tag, sum := hmac.New(sha256.New, digests[0][:]), make([]byte, 0, sha256.Size)
	return []primitive{
		{"sign", "an ed25519 signature of a digest", 100, func(i int) { ed25519.Sign(private, digests[i%kept][:]) }},
		{"verify", "the check of one", 50, func(i int) { ed25519.Verify(public, digests[i%kept][:], signatures[i%kept]) }},
		{"tag", "an HMAC-SHA-256 of a digest", 5000, func(i int) {
			tag.Reset()
			tag.Write(digests[i%kept][:])
			tag.Sum(sum)
		}},
	}
}

const cryptoRounds = 151

func (a *app) benchCrypto(ctx context.Context, asJSON bool) error {
	list := primitives()
	took := make([][]time.Duration, len(list))
	for range cryptoRounds {
		for k, p := range list {
			if ctx.Err() != nil {
				return errInterrupted
			}
			begin := a.now()
			for i := range p.calls {
				p.call(i)
			}
			took[k] = append(took[k], a.now().Sub(begin)/time.Duration(p.calls))
		}
	}
	for k := range took {
		slices.Sort(took[k])
	}
	if asJSON {
		return a.cryptoJSON(list, took)
	}
	line := "cpu: {"
	for k, p := range list {
		best, median := short(took[k][0]), short(took[k][cryptoRounds/2])
		a.print("%-8s %-8s %s (median %s)\n", p.key, best, p.what, median)
		if k > 0 {
			line += ", "
		}
		line += p.key + ": " + best
	}
	a.print("\nin a scenario, for nodes with a core like this one:\n  %s}\n", line)
	return nil
}

// cryptoJSON prints nanoseconds for each operation.
func (a *app) cryptoJSON(list []primitive, took [][]time.Duration) error {
	type entry struct {
		Name     string `json:"name"` // of the key in cpu
		BestNS   int64  `json:"best_ns"`
		MedianNS int64  `json:"median_ns"`
	}
	var out []entry
	for k, p := range list {
		out = append(out, entry{p.key, int64(took[k][0]), int64(took[k][cryptoRounds/2])})
	}
	return a.printJSON(out)
}

// short writes a time with two significant digits, as one types it.
func short(d time.Duration) string {
	step := time.Duration(1)
	for d/step >= 100 {
		step *= 10
	}
	return strings.Replace(strict.FormatDuration(d.Round(step)), "µ", "u", 1)
}
