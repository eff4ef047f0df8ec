package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshsim/report/table"
	"meshsim/scenarios/strict"
)

// The engines that --submit knows.
const (
	slurm      = "slurm"
	kubernetes = "kubernetes"
)

// submitOptions are the flags of sweep that hand it to an engine of jobs.
type submitOptions struct {
	to       string
	shards   int
	parallel int // shards at once; 0: as many as the engine has room for
	dryRun   bool
	options  []string    // for sbatch or kubectl
	memory   strict.Size // of a shard; 0: from the plan
	limit    time.Duration
	image    string // Kubernetes: with meshsim in it
	claim    string // … of the volume that has the store
	path     string // … of the scenario in the image; empty: it is sent along
}

// submitFlags are the names of those flags, besides submit itself.
var submitFlags = []string{"shards", "parallel", "dry-run", "submit-option", "shard-memory", "shard-time",
	"image", "volume-claim", "scenario-in-image"}

func (o *submitOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.to, "submit", "", "hand the sweep to `ENGINE`, as in --submit slurm: an array of jobs and one that merges; kubernetes: an Indexed Job")
	f.Var(&count{&o.shards, 1, maxShards}, "shards", "submit `N` shards, as in --shards 64")
	f.Var(&count{&o.parallel, 1, maxShards}, "parallel", "at most `N` shards at once, as in --parallel 16")
	f.BoolVar(&o.dryRun, "dry-run", false, "print what would be submitted, and submit nothing")
	f.StringArrayVar(&o.options, "submit-option", nil, "an `OPTION` of sbatch or kubectl, as often as wanted, as in --submit-option --partition=long")
	f.TextVar(&o.memory, "shard-memory", strict.Size(0), "`SIZE` of memory of a shard, as in --shard-memory 4GiB; without it from the plan")
	f.DurationVar(&o.limit, "shard-time", 0, "`DURATION` that a shard may take, as in --shard-time 2h; without it from the plan")
	f.StringVar(&o.image, "image", "", "`IMAGE` that has meshsim, for kubernetes, as in --image registry.example.org/meshsim:v1")
	f.StringVar(&o.claim, "volume-claim", "", "persistent volume claim `NAME` that keeps the store, for kubernetes, as in --volume-claim runs")
	f.StringVar(&o.path, "scenario-in-image", "", "`PATH` of the scenario in the image, for kubernetes, as in --scenario-in-image /gossip.yaml; without it the file is sent along")
	for _, name := range []string{"shards", "parallel", "shard-memory"} {
		f.Lookup(name).DefValue = ""
	}
	completeWords(c, "submit", slurm, kubernetes)
}

// maxShards bounds an array; engines have limits of their own.
const maxShards = 100_000

// check refuses what does not fit together.
func (o *sweepOptions) checkSubmit(scenario string) error {
	if o.submit.to == "" {
		for _, name := range submitFlags {
			if o.changed(name) {
				return usage("--%s is for a sweep that is handed to an engine; write --submit slurm or --submit kubernetes, too", name)
			}
		}
		return nil
	}
	switch {
	case o.submit.to != slurm && o.submit.to != kubernetes:
		return usage("--submit: there is no engine %q here; %s", o.submit.to, meant(o.submit.to, []string{slurm, kubernetes}))
	case o.submit.shards == 0:
		return usage("--submit needs the number of shards; write --shards 16 for sixteen")
	case o.shard != "":
		return usage("--shard %s makes one shard here and --submit has all of them made elsewhere; leave one out", o.shard)
	case scenario == "-":
		return usage("--submit needs a scenario that the shards can read, too; write it to a file and name that")
	case o.submit.limit < 0 || o.changed("shard-time") && o.submit.limit < time.Minute:
		return usage("--shard-time: %v is too short; write 1m or more", o.submit.limit)
	}
	for _, opt := range o.submit.options {
		if !strings.HasPrefix(opt, "-") || strings.ContainsAny(opt, "\n\r") {
			return usage("--submit-option: %q is no option; write it as for the command, as in --submit-option --partition=long", opt)
		}
	}
	return nil
}

// A submission is what an engine is given.
type submission struct {
	engine   string
	dir      string           // of the files
	files    []submissionFile // to be written
	commands [][]string       // to be run in dir, one after the other
	jobs     []submittedJob   // that those began
	next     [][2]string      // what to type then: what it is for, and the command
}

type submissionFile struct {
	Path    string `json:"path"`
	Content string `json:"content"`
	mode    fs.FileMode
	later   bool // it is for the user, when what is submitted has ended
}

type submittedJob struct {
	Role string `json:"role"`
	ID   string `json:"id"`
}

// handOver submits the sweep to the engine.
func (w *sweeping) handOver(ctx context.Context) error {
	n, what := len(w.plan.Runs()), "runs"
	if w.plan.Sequential() {
		n, what = len(w.plan.Points), "points, of which each shard has whole ones"
	}
	if w.submit.shards > n {
		return usage("--shards %d is more than the sweep has %s; write --shards %d or less", w.submit.shards, what, n)
	}
	switch w.submit.to {
	case slurm:
		return w.submitSlurm(ctx)
	}
	return w.submitKubernetes(ctx)
}

// shardWords is the command of a shard where it runs, without the program and
// which shard it is.
func (w *sweeping) shardWords(scenario, store string) []string {
	return append(w.words("sweep", scenario, store), "--workers", strconv.Itoa(w.cores()), "--engine", w.plan.Engine)
}

// mergeWords is the command that merges there, without the program.
func (w *sweeping) mergeWords(scenario, store, out string) []string {
	words := append(w.words("merge", scenario, store), "--out", out)
	if w.noReport {
		words = append(words, "--no-report")
	}
	if w.allowInconclusive {
		words = append(words, "--allow-inconclusive")
	}
	return words
}

// submitDir is where the files for an engine are.
func (w *sweeping) submitDir() (string, error) {
	dir, err := filepath.Abs(filepath.Join(w.outDir, string(w.plan.Scenario.Name), w.submit.to))
	return dir, internal(err)
}

// write writes the files.
func (s *submission) write() error {
	for _, f := range s.files {
		err := os.MkdirAll(filepath.Dir(f.Path), 0o777)
		if err == nil {
			err = os.WriteFile(f.Path, []byte(f.Content), f.mode)
		}
		if err != nil {
			return internal(fmt.Errorf("cannot write what is submitted: %w; choose another place with --out", err))
		}
	}
	return nil
}

// run runs a command of the engine and returns what it prints.
func (s *submission) run(ctx context.Context, command []string) (string, error) {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Dir = s.dir
	var out, told strings.Builder
	c.Stdout, c.Stderr = &out, &told
	if err := c.Run(); err != nil {
		why := strings.TrimSpace(told.String())
		if why == "" {
			why = err.Error()
		}
		return "", fmt.Errorf("%s: %s", shell(command...), why)
	}
	return strings.TrimSpace(out.String()), nil
}

// tell prints what was submitted, or would be.
func (w *sweeping) tellSubmission(s *submission) error {
	if w.json {
		return w.submissionJSON(s)
	}
	if w.submit.dryRun {
		w.showSubmission(s)
		return nil
	}
	rows := [][]string{}
	for _, j := range s.jobs {
		rows = append(rows, []string{j.Role, j.ID})
	}
	for _, n := range s.next {
		rows = append(rows, n[:])
	}
	for _, line := range table.Align(rows) {
		w.print("%s\n", line)
	}
	return nil
}

// showSubmission prints files and commands. A manifest stays one that kubectl
// reads: what is not to be submitted now stands behind #.
func (w *sweeping) showSubmission(s *submission) {
	for _, f := range s.files {
		lines := strings.Split(strings.TrimRight(f.Content, "\n"), "\n")
		if f.later {
			for i, line := range lines {
				lines[i] = strings.TrimRight("# "+line, " ")
			}
		}
		w.print("# file %s\n%s\n\n", f.Path, strings.Join(lines, "\n"))
	}
	w.print("# to submit it, in %s:\n", s.dir)
	for _, c := range s.commands {
		w.print("#   %s\n", shell(c...))
	}
}

// submissionJSON prints all of it for programs.
func (w *sweeping) submissionJSON(s *submission) error {
	return w.printJSON(struct {
		Version  int              `json:"meshsim_submission"`
		Engine   string           `json:"engine"`
		Name     string           `json:"name"`
		Shards   int              `json:"shards"`
		DryRun   bool             `json:"dry_run"`
		Dir      string           `json:"directory"`
		Files    []submissionFile `json:"files"`
		Commands [][]string       `json:"commands"`
		Jobs     []submittedJob   `json:"jobs"`
	}{1, s.engine, string(w.plan.Scenario.Name), w.submit.shards, w.submit.dryRun, s.dir,
		append([]submissionFile{}, s.files...), append([][]string{}, s.commands...), append([]submittedJob{}, s.jobs...)})
}
