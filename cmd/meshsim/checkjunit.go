package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"meshsim/scenarios"
)

// The elements of JUnit XML, in the order that its schemas ask for, of those that
// Jenkins, GitLab and the Ant schema have in common: a suite a scenario, a case a
// property, a metric or a fingerprint.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"` // seconds
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"` // UTC
	Hostname   string          `xml:"hostname,attr"`
	ID         int             `xml:"id,attr"`
	Package    string          `xml:"package,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Skipped *junitReason `xml:"skipped"`
	Error   *junitReason `xml:"error"`
	Failure *junitReason `xml:"failure"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// junit writes the check as JUnit XML.
func (t *checkTable) junit(out io.Writer) error {
	all := junitSuites{Name: "meshsim check", Time: secondsText(t.wall)}
	for i, s := range t.subjects {
		suite := t.suite(s)
		suite.ID = i
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(out)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

func (t *checkTable) suite(s *subject) junitSuite {
	suite := junitSuite{Name: s.name, Time: "0", Timestamp: t.started.UTC().Format("2006-01-02T15:04:05"), Hostname: "localhost", Package: "meshsim",
		Properties: []junitProperty{{"baseline", s.baseline}, {"outcome", string(s.outcome())}}}
	if s.held != nil {
		suite.Time = secondsText(s.held.Wall)
		suite.Properties = append(suite.Properties, junitProperty{"runs", fmt.Sprint(len(s.held.Now.Runs))}, junitProperty{"seed", decimal(s.held.Scenario.Run.Seed)})
	}
	for _, f := range s.findings {
		c := t.junitCase(s, &f)
		suite.Cases = append(suite.Cases, c)
		switch {
		case c.Error != nil:
			suite.Errors++
		case c.Failure != nil:
			suite.Failures++
		case c.Skipped != nil:
			suite.Skipped++
		}
		if f.note {
			suite.Out += f.title() + ": " + f.Text + "\n"
		}
	}
	suite.Tests = len(suite.Cases)
	return suite
}

// junitCase is a finding as a test. What is undecided has failed, unless that is
// allowed: then it is skipped.
func (t *checkTable) junitCase(s *subject, f *finding) junitCase {
	c := junitCase{Name: f.title(), Class: s.name, Time: "0"}
	reason := &junitReason{Message: f.Text, Type: string(f.Outcome), Text: f.reasonText()}
	switch {
	case f.Outcome == outcomeError:
		c.Error = reason
	case f.Outcome == scenarios.Undecided && t.allowInconclusive:
		c.Skipped = &junitReason{Message: f.Text}
	case f.Outcome != scenarios.Holds:
		c.Failure = reason
	}
	return c
}

// reasonText is what is wrong, and the command that shows it.
func (f *finding) reasonText() string {
	text := f.Text
	if f.Detail != "" {
		text += "\n" + f.Detail
	}
	if f.Command != "" {
		text += "\n\n" + f.Command
	}
	return text + "\n"
}

func secondsText(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
