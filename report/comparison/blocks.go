package comparison

// A Block is what a table says of one metric, in the words of [Table.Text].
type Block struct {
	Title    string
	Head     []string
	Rows     [][]string // by side
	Verdicts []string   // by side: better, worse …; "" for a base
	Best     string     // the best side and those that tie with it; may be empty
}

// Blocks are the table's metrics, for pages.
func (t *Table) Blocks() []Block {
	var out []Block
	for m := range t.Metrics {
		rows := t.rows(m)
		b := Block{Title: t.title(m), Head: rows[0], Rows: rows[1:], Best: t.bestText(m)}
		for i := range t.Sides {
			b.Verdicts = append(b.Verdicts, t.Verdict(m, i))
		}
		out = append(out, b)
	}
	return out
}

// Notes say how the table was made.
func (t *Table) Notes() []string { return t.footer() }
