package rules

import (
	"bytes"
	"regexp"
)

// foreign are words that speak of a workplace instead of the product, each with
// what to write. They are written so that they do not match themselves.
var foreign = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(^|[^\w./~-])/(work|root|home|Users|mnt|srv|opt/[a-z]+)/[\w.]`), "an absolute path of one machine; write one from the repository's root"},
	{regexp.MustCompile(`\b(DESIGN|STYLE|FIELD|ECOSYSTEM|PUBLISHED|DEVELOPERS|COMMON)([.]md|,? +section)`), "a document that is not in the repository; say the reason itself, where it binds"},
	{regexp.MustCompile(`[.][.]/s[h]ared\b|[.]l[i]brary\b|\bf[a]rm-[a-z]|\bb[e]fore-stop\b`), "a tool of one workplace; say what it is for the product"},
}

// words checks that text files speak of the product alone.
func words(tr *tree) []finding {
	var found []finding
	for _, f := range tr.files {
		if bytes.IndexByte(f.text[:min(len(f.text), 8000)], 0) >= 0 {
			continue
		}
		for i, line := range bytes.Split(f.text, []byte("\n")) {
			for _, w := range foreign {
				if m := w.pattern.Find(line); m != nil {
					found = append(found, finding{file: f.name, line: i + 1, rule: "words", text: string(bytes.TrimSpace(m)) + " is " + w.instead})
				}
			}
		}
	}
	return found
}
