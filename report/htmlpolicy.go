package report

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
)

// contentPolicy is the page's Content-Security-Policy: nothing is loaded, sent
// or run but those scripts and style sheets, which the page holds. It is level 2
// of the W3C's recommendation, which all browsers know.
func contentPolicy(scripts, styles []string) string {
	parts := []string{"default-src 'none'"}
	for _, p := range []struct {
		directive string
		texts     []string
	}{{"script-src", scripts}, {"style-src", styles}} {
		if len(p.texts) > 0 {
			parts = append(parts, p.directive+" "+hashes(p.texts))
		}
	}
	return strings.Join(append(parts, "base-uri 'none'", "form-action 'none'"), "; ")
}

func hashes(texts []string) string {
	var list []string
	for _, t := range texts {
		sum := sha256.Sum256([]byte(t))
		list = append(list, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return strings.Join(list, " ")
}

var (
	styleAttribute = regexp.MustCompile(` style="([^"]*)"`)
	styleElement   = regexp.MustCompile(`(?s)<style[^>]*>(.*?)</style>`)
)

// unstyled writes the style attributes of an SVG, which the policy forbids, as
// attributes of their own.
func unstyled(svg string) string {
	return styleAttribute.ReplaceAllStringFunc(svg, func(match string) string {
		var b strings.Builder
		declarations := html.UnescapeString(styleAttribute.FindStringSubmatch(match)[1])
		for _, d := range strings.Split(declarations, ";") {
			if name, value, ok := strings.Cut(d, ":"); ok {
				b.WriteString(" " + strings.TrimSpace(name) + `="` + html.EscapeString(strings.TrimSpace(value)) + `"`)
			}
		}
		return b.String()
	})
}
