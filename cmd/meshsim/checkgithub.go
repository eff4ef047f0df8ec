package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"meshsim/scenarios"
)

// GitHub shows so many annotations of a kind in a step, and takes a summary of so
// many bytes.
const (
	mostAnnotations = 10
	mostSummary     = 1 << 20
)

// annotate writes workflow commands that show findings beside the scenarios: what
// is wrong as errors, what is undecided as warnings, what is to be told as notices.
func (t *checkTable) annotate(out io.Writer) {
	for _, kind := range []string{"error", "warning", "notice"} {
		var lines []string
		for _, s := range t.subjects {
			for _, f := range s.shown() {
				if annotationKind(&f) == kind {
					lines = append(lines, t.annotation(kind, s, &f))
				}
			}
		}
		if more := len(lines) - mostAnnotations; more > 0 {
			lines = append(lines[:mostAnnotations-1], fmt.Sprintf("::%s title=meshsim check::%s", kind,
				escapeData(fmt.Sprintf("and %d more; the job summary and the log have all", more+1))))
		}
		for _, line := range lines {
			fmt.Fprintln(out, line)
		}
	}
}

func annotationKind(f *finding) string {
	switch f.Outcome {
	case scenarios.Holds:
		return "notice"
	case scenarios.Undecided:
		return "warning"
	}
	return "error"
}

func (t *checkTable) annotation(kind string, s *subject, f *finding) string {
	var at []string
	if s.file != "" {
		at = append(at, "file="+escapeProperty(t.repositoryPath(s.file)))
	}
	if s.file != "" && f.Place.Line > 0 {
		at = append(at, fmt.Sprintf("line=%d", f.Place.Line), fmt.Sprintf("col=%d", f.Place.Column))
	}
	at = append(at, "title="+escapeProperty(s.name+": "+f.Name))
	return fmt.Sprintf("::%s %s::%s", kind, strings.Join(at, ","), escapeData(strings.TrimSpace(f.reasonText())))
}

// repositoryPath is the path of a file from the root of the repository.
func (t *checkTable) repositoryPath(file string) string {
	root := t.getenv("GITHUB_WORKSPACE")
	abs, err := filepath.Abs(file)
	if root == "" || err != nil {
		return filepath.ToSlash(file)
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// escapeData and escapeProperty write what a workflow command may hold.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}

// jobSummary appends the check to the job's summary, as much as fits.
func (t *checkTable) jobSummary(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("the job summary cannot be written: %w", err)
	}
	defer f.Close()
	left := mostSummary
	if info, err := f.Stat(); err == nil {
		left -= int(min(info.Size(), mostSummary))
	}
	if _, err := f.Write(cutTo(t.markdown(), left)); err != nil {
		return fmt.Errorf("the job summary cannot be written: %w", err)
	}
	return nil
}

// cutTo cuts a text at a line if it is longer than n bytes, and says so.
func cutTo(text []byte, n int) []byte {
	const note = "\nThe rest does not fit; the log has it.\n"
	if len(text) <= n {
		return text
	}
	lines := bytes.LastIndexByte(text[:max(n-len(note), 0)], '\n') + 1
	if lines == 0 {
		return nil
	}
	return append(text[:lines:lines], note...)
}

// markdown is the check as the job's summary shows it.
func (t *checkTable) markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "### meshsim check: %s\n\n|  | scenario | runs |  |\n|---|---|---|---|\n", t.outcome())
	for _, s := range t.subjects {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", markdownMark(s.outcome()), cell(s.name), s.runsText(), cell(s.summary()))
	}
	for _, s := range t.subjects {
		list := s.shown()
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n<details%s><summary>%s</summary>\n\n|  |  |  |\n|---|---|---|\n", opened(s), escapeHTML(s.name))
		for _, f := range list {
			what := cell(f.Text)
			if f.Detail != "" {
				what += "<br>" + cell(f.Detail)
			}
			if f.Command != "" {
				what += "<br>" + code(f.Command)
			}
			mark := markdownMark(f.Outcome)
			if f.note {
				mark = "ℹ️"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", mark, cell(f.title()), what)
		}
		fmt.Fprint(&b, "\n</details>\n")
	}
	fmt.Fprintf(&b, "\n%s\n\n", code(t.command))
	return b.Bytes()
}

// opened shows what is wrong without a click.
func opened(s *subject) string {
	if s.outcome() == scenarios.Holds {
		return ""
	}
	return " open"
}

func markdownMark(o scenarios.Outcome) string {
	switch o {
	case scenarios.Holds:
		return "✅"
	case scenarios.Violated:
		return "❌"
	case scenarios.Undecided:
		return "❔"
	}
	return "⚠️"
}

func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// cell is a text in a table of Markdown.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", "<br>", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[").Replace(escapeHTML(strings.TrimSpace(s)))
}

// code is a text as it is typed, in a table of Markdown.
func code(s string) string {
	if !utf8.ValidString(s) || strings.ContainsAny(s, "`\n") {
		return cell(s)
	}
	return "`" + strings.ReplaceAll(s, "|", "\\|") + "`"
}
