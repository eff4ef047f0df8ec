package strict

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// parse returns the tree of a text, nil if there is none to walk; what is wrong
// is added to problems.
func parse(in *source, text []byte, problems *Problems) *node {
	text, ok := checkText(in, text, problems)
	if !ok {
		return nil
	}
	root, message := readYAML(in, text, problems)
	if message != "" {
		line, col := locate(text, message)
		problems.add(place{in, line, col, 1}, "", explainSyntax(message, in.at(line)))
	}
	return root
}

// checkText refuses what is no text at all, and strips a byte order mark.
func checkText(in *source, text []byte, problems *Problems) ([]byte, bool) {
	refuse := func(line, col int, what string) ([]byte, bool) {
		problems.add(place{in, line, col, 1}, "", what)
		return nil, false
	}
	if len(text) > MaxBytes {
		in.lines = nil
		return refuse(1, 1, "larger than 1 MiB; keep data in files of their own")
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return refuse(1, 1, "this is UTF-16; save it as UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	in.lines = strings.Split(string(text), "\n")
	for i, line := range in.lines {
		if !utf8.ValidString(line) {
			return refuse(i+1, invalidAt(line), "this is not UTF-8; save the file as UTF-8")
		}
		if at := strings.IndexFunc(line, control); at >= 0 {
			return refuse(i+1, utf8.RuneCountInString(line[:at])+1, "a control character; is this a text file?")
		}
	}
	return text, true
}

func control(r rune) bool { return r < ' ' && r != '\t' && r != '\r' || r == 0x7f }

// invalidAt is the column of the first byte that is no UTF-8.
func invalidAt(line string) int {
	col := 1
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		if r == utf8.RuneError && size == 1 {
			break
		}
		line = line[size:]
		col++
	}
	return col
}

// locate finds where the library stopped. It tells a line only, often that of
// the surrounding block and sometimes one too few, but it stops reading at the
// error, so the shortest beginning of the text that fails with the same message
// ends there. Cost: a parse of that beginning for each halving.
func locate(text []byte, message string) (line, col int) {
	if name, ok := strings.CutPrefix(message, "yaml: unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		if at := bytes.Index(text, []byte("*"+name)); at >= 0 {
			return position(text, at)
		}
	}
	if strings.Contains(message, "end of stream") {
		if at := openQuote(text); at >= 0 {
			return position(text, at)
		}
	}
	fails := func(n int) bool {
		return failureOf(text[:n]) == message
	}
	end := 64
	for end < len(text) && !fails(end) {
		end *= 2
	}
	low, high := 0, min(end, len(text)) // the shortest is in (low, high]
	for low+1 < high {
		if mid := low + (high-low)/2; fails(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	if at := max(high-1, 0); at < len(text) && text[at] == '\t' {
		return column(text, at)
	}
	return position(text, max(high-1, 0))
}

// openQuote is the offset of the quote that is never closed: the last one
// before which nothing is open. -1 if it is not among the last fifty.
func openQuote(text []byte) int {
	at := len(text)
	for range 50 {
		if at = bytes.LastIndexAny(text[:at], `"'`); at < 0 || !strings.Contains(failureOf(text[:at]), "end of stream") {
			return at
		}
	}
	return -1
}

// position is the line and column of the character at an offset. An offset in
// the white space at the end of a line or behind it counts for the last
// character before.
func position(text []byte, at int) (line, col int) {
	at = min(at, len(text))
	for at > 0 && (at == len(text) || strings.IndexByte(" \t\r\n", text[at]) >= 0) && len(bytes.TrimSpace(text[:at])) > 0 {
		at--
	}
	return column(text, at)
}

func column(text []byte, at int) (line, col int) {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	return bytes.Count(text[:start], []byte("\n")) + 1, utf8.RuneCount(text[start:at]) + 1
}

// syntaxMessages says in the words of a writer what the library says in those
// of a parser. The first that is contained in its message counts.
var syntaxMessages = []struct{ has, say string }{
	{"found a tab character", "a tab cannot indent; use spaces"},
	{"mapping values are not allowed", "a ':' does not fit here; check the indentation, or put a text that contains ': ' in quotes"},
	{"did not find expected key", "expected a field, as in 'name: value'; check the indentation, and quotes or brackets on the lines before"},
	{"did not find expected ',' or ']'", "a list opened with [ goes on here without ',' or ']'"},
	{"did not find expected ',' or '}'", "a block opened with { goes on here without ',' or '}'"},
	{"did not find expected '-'", "expected another '- ' of the list; check the indentation"},
	{"could not find expected ':'", "a field without ':'; write 'name: value'"},
	{"did not find expected node content", "a value is missing here, or a bracket too many"},
	{"found unexpected end of stream", "a text in quotes is not closed"},
	{"found unexpected document indicator", "a text in quotes is not closed before the document ends"},
	{"found unknown escape", `unknown escape after \; in single quotes a \ stands for itself`},
	{"block sequence entries are not allowed", "a list cannot begin here; put '- ' on a line of its own, or write [ … ]"},
	{"mapping keys are not allowed", "a field cannot begin here; check the indentation"},
	{"did not find expected <document start>", "a second document begins here; write one a file"},
	{"unknown anchor", "no such anchor; write &name where the value stands, before *name"},
	{"exceeded max depth", "brackets nested too deeply"},
	{"found undefined tag handle", "tags (words that begin with !) are not used here; put the text in quotes"},
	{"did not find expected hexdecimal", `\x, \u and \U need hexadecimal digits`},
	{"did not find expected alphabetic or numeric", "a name must follow & or *; put a text that begins with them in quotes"},
	{"non-alphabetical", "a line must not begin with %"},
	{"directive", "a line must not begin with %"},
	{"while parsing a tag", "tags (words that begin with !) are not used here; put the text in quotes"},
}

var yamlPrefix = regexp.MustCompile(`^yaml: (line \d+: )?`)

func explainSyntax(message, line string) string {
	if strings.Contains(message, "cannot start any token") {
		if strings.Contains(line, "\t") {
			return "a tab cannot indent; use spaces"
		}
		return "a value cannot begin with this character; put it in quotes"
	}
	for _, m := range syntaxMessages {
		if strings.Contains(message, m.has) {
			return m.say
		}
	}
	return "not YAML: " + yamlPrefix.ReplaceAllString(message, "")
}
