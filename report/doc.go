// Package report writes what a study found: for people on a terminal
// ([Study.Text]) and in one HTML file ([Study.HTML], and [SweepPage] of a sweep or
// a comparison), for programs as
// summary.json ([Study.Summary]) and metrics.csv ([Study.CSV]), as plots
// ([Study.Plots]) and as a trace ([TraceWriter]). It knows results, package sim,
// and no protocol or scenario: what a metric means, it is told.
//
// [Study.Save] writes a directory:
//
//	meshsim-out/<name>/<run id>/   and   meshsim-out/<name>/latest, a link to it
//	    summary.json               all a program wants; described by summary.schema.json
//	    scenario.yaml              the scenario with all defaults
//	    command.txt                the command that runs it again
//	    metrics.csv                every value of every replication
//	    report.html                the same for people; one file, no network
//	    plots/<metric>.svg, .png   the pictures in it
//	    provenance.json            version, machine, time, cost
//	    violations/*.html          what broke a property, drawn by its checker
//	    trace.jsonl                on request
//
// All but provenance.json and what report.html says of it are a function of the
// results alone. summary.json, metrics.csv, trace.jsonl and the text are the same
// bytes on every machine; plots are the same on one architecture, since the
// library below them fuses multiplication and addition on some.
//
// Package stats makes the estimates, package unit writes quantities, package
// chart draws, package interactive makes the charts of report.html move.
package report
