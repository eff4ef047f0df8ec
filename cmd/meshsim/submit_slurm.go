package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	templates "text/template"
	"time"

	"meshsim/scenarios/sweep"
)

// slurmJobs is what the scripts for Slurm are made of. Texts are quoted already,
// each for where it stands.
type slurmJobs struct {
	Name            string
	Shards          int
	Dir             string // of the user, for the shell
	Sweep, Merge    string // commands
	Array, Merging  []string
	Restarts, Total int
}

// slurmRestarts is how often a task that was killed goes back into the queue.
// Those that Slurm itself puts back do not count, but after so many of both it
// is Slurm alone that does.
const slurmRestarts = 3

// submitSlurm submits an array of shards, of those that have runs to make, and
// the job that merges when they have ended.
func (w *sweeping) submitSlurm(ctx context.Context) error {
	for _, name := range []string{"image", "volume-claim", "scenario-in-image"} {
		if w.changed(name) {
			return usage("--%s is for --submit kubernetes; Slurm runs this program where it is", name)
		}
	}
	for _, opt := range w.submit.options {
		name, _, _ := strings.Cut(opt, "=")
		if instead := slurmOwn[name]; instead != "" {
			return usage("--submit-option %s: meshsim sets this itself; %s", opt, instead)
		}
	}
	todo := w.pending()
	if len(todo) == 0 && w.json {
		return w.submissionJSON(&submission{engine: slurm})
	}
	if len(todo) == 0 {
		w.print("all %d runs are in %s; there is nothing to submit\n", len(w.plan.Runs()), w.storeDir())
		w.print("next    %s\n", w.command("merge"))
		return nil
	}
	s, err := w.slurmFiles(todo)
	if err != nil {
		return err
	}
	if !w.submit.dryRun {
		if err := w.sbatch(ctx, s); err != nil {
			return err
		}
	}
	return w.tellSubmission(s)
}

// slurmOwn are options that the scripts set, with what to write instead.
var slurmOwn = map[string]string{
	"--array": "write --shards, and --parallel for how many at once", "-a": "write --shards, and --parallel for how many at once",
	"--dependency": "submit with --dry-run and add it to what that shows", "-d": "submit with --dry-run and add it to what that shows",
	"--output": "see the logs beside the scripts", "-o": "see the logs beside the scripts",
	"--wrap": "leave it out", "--parsable": "leave it out",
}

// pending are the shards that have runs to make, from 1: those of a sweep with
// precision are all, because it is known only later which runs count.
func (w *sweeping) pending() (shards []int) {
	store := &sweep.Store{Dir: w.storeDir()}
	want := make([]bool, w.submit.shards)
	for i := range want {
		want[i] = w.plan.Sequential()
	}
	if !w.plan.Sequential() {
		for i, r := range w.plan.Runs() {
			if at := i % len(want); !want[at] {
				_, err := store.Get(r.ID)
				want[at] = err != nil
			}
		}
	}
	for i, wanted := range want {
		if wanted {
			shards = append(shards, i+1)
		}
	}
	return shards
}

// slurmFiles are the scripts, and the commands that submit them.
func (w *sweeping) slurmFiles(todo []int) (*submission, error) {
	dir, err := w.submitDir()
	if err != nil {
		return nil, err
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, internal(err)
	}
	if strings.ContainsAny(dir+here, "\\\n\r") {
		return nil, usage("Slurm cannot write logs below %q: the name has a backslash or a new line; choose another place with --out", dir)
	}
	program, err := w.program()
	if err != nil {
		return nil, err
	}
	name := "meshsim-" + string(w.plan.Scenario.Name)
	j := &slurmJobs{Name: string(w.plan.Scenario.Name), Shards: w.submit.shards, Dir: shell(here),
		Sweep: shell(append([]string{program}, w.shardWords(w.name, w.storeDir())...)...) + ` --shard "$SLURM_ARRAY_TASK_ID"/` + strconv.Itoa(w.submit.shards),
		Merge: shell(append([]string{program}, w.mergeWords(w.name, w.storeDir(), w.outDir)...)...), Restarts: slurmRestarts, Total: len(w.plan.Runs())}
	array := ranges(todo)
	if w.submit.parallel > 0 {
		array += "%" + strconv.Itoa(w.submit.parallel)
	}
	j.Array = directives(append([]string{"--job-name=" + name, "--array=" + array,
		"--ntasks=1", "--cpus-per-task=" + strconv.Itoa(w.cores()), memoryOption(w.shardMemory()), timeOption(w.shardTime()),
		"--requeue", "--open-mode=append", "--output=" + logPattern(dir, "%A_%a.log")}, w.submit.options...))
	j.Merging = directives(append([]string{"--job-name=" + name + "-merge", "--ntasks=1", memoryOption(w.mergeMemory()), timeOption(time.Hour),
		"--output=" + logPattern(dir, "merge-%j.log")}, w.submit.options...))
	return &submission{engine: slurm, dir: dir, files: []submissionFile{
		{Path: filepath.Join(dir, "array.sh"), Content: j.text(arrayScript), mode: 0o777},
		{Path: filepath.Join(dir, "merge.sh"), Content: j.text(mergeScript), mode: 0o777},
	}, commands: [][]string{
		{"sbatch", "--parsable", "array.sh"},
		{"sbatch", "--parsable", "--dependency=afterany:" + jobPlace, "merge.sh"},
	}}, nil
}

// jobPlace stands for the number of the array in what is printed.
const jobPlace = "ARRAY"

// program is the path of this program, which the tasks run.
func (w *sweeping) program() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", internal(err)
	}
	if strings.HasPrefix(path, os.TempDir()) && strings.Contains(path, string(filepath.Separator)+"go-build") && !w.submit.dryRun {
		return "", usage("go run removes the program before the tasks can start it; write: go build ./cmd/meshsim, and submit with ./meshsim")
	}
	return path, nil
}

func memoryOption(bytes int64) string { return fmt.Sprintf("--mem=%dM", mebibytes(bytes)) }

// timeOption writes hours, minutes and seconds.
func timeOption(d time.Duration) string {
	s := int64((d + time.Second - 1) / time.Second)
	return fmt.Sprintf("--time=%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// logPattern is the name of logs in a directory, for --output. In it %% is a
// percent sign.
func logPattern(dir, pattern string) string {
	return filepath.Join(strings.ReplaceAll(dir, "%", "%%"), "logs", pattern)
}

// directives quotes options as sbatch reads them in a script.
func directives(options []string) []string {
	for i, o := range options {
		if strings.ContainsAny(o, " \t'\"\\#") {
			o = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(o) + `"`
		}
		options[i] = o
	}
	return options
}

// ranges writes ascending numbers as 1-4,7,9-12.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		k := i
		for k+1 < len(numbers) && numbers[k+1] == numbers[k]+1 {
			k++
		}
		part := strconv.Itoa(numbers[i])
		if k > i {
			part += "-" + strconv.Itoa(numbers[k])
		}
		parts, i = append(parts, part), k+1
	}
	return strings.Join(parts, ",")
}

func (j *slurmJobs) text(t *templates.Template) string {
	var b strings.Builder
	if err := t.Execute(&b, j); err != nil {
		panic("meshsim: " + err.Error()) // the templates are built in
	}
	return b.String()
}

// sbatch submits the scripts.
func (w *sweeping) sbatch(ctx context.Context, s *submission) error {
	if _, err := exec.LookPath("sbatch"); err != nil {
		return usage("there is no sbatch here, which Slurm is submitted to with; do this where Slurm is, or write --dry-run to see what would be submitted")
	}
	if most := slurmMost(ctx, s); w.submit.shards > most {
		return usage("--shards: Slurm takes at most %d tasks in an array here (MaxArraySize), got %d; write --shards %d", most, w.submit.shards, most)
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "logs"), 0o777); err != nil {
		return internal(err)
	}
	if err := s.write(); err != nil {
		return err
	}
	array, err := s.run(ctx, s.commands[0])
	if err != nil {
		return usage("Slurm did not take the array; %v", err)
	}
	array, _, _ = strings.Cut(array, ";") // the cluster follows
	s.jobs = []submittedJob{{"array", array}}
	s.commands[1][2] = "--dependency=afterany:" + array
	merge, err := s.run(ctx, s.commands[1])
	if err != nil {
		return usage("Slurm took the array %s, but not the job that merges; %v; when the array has ended: %s", array, err, w.command("merge"))
	}
	merge, _, _ = strings.Cut(merge, ";")
	s.jobs = append(s.jobs, submittedJob{"merge", merge})
	s.next = [][2]string{
		{"follow", shell("squeue", "--jobs="+array+","+merge)},
		{"cancel", shell("scancel", array, merge)},
		{"logs", filepath.Join(s.dir, "logs")},
		{"results", filepath.Join(w.outDir, string(w.plan.Scenario.Name), "latest") + ", when the merge has ended"},
	}
	return nil
}

var maxArraySize = regexp.MustCompile(`(?m)^MaxArraySize\s*=\s*(\d+)`)

// slurmMost is the largest number of a task that Slurm takes: MaxArraySize - 1.
func slurmMost(ctx context.Context, s *submission) int {
	config, err := exec.CommandContext(ctx, "scontrol", "show", "config").Output()
	if m := maxArraySize.FindSubmatch(config); err == nil && m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil && n > 1 {
			return n - 1
		}
	}
	return maxShards
}
