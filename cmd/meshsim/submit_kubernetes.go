package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	templates "text/template"
	"unicode"
	"unicode/utf8"
)

// Where things are in a pod.
const (
	podVolume    = "/meshsim-out"
	podScenarios = "/scenarios"
)

// kubernetesJobs is what the manifests are made of. Texts are quoted already.
type kubernetesJobs struct {
	Job, Scenario       string
	Shards, Parallel    int
	Total               int
	Image, Claim        string
	Sweep, Merge        []string // arguments
	Cores               int
	Memory, MergeMemory int64 // mebibytes
	Seconds             int64 // a pod may run so long; 0: any time
	Files               []podFile
}

// podFile is a file that is sent along in a ConfigMap.
type podFile struct{ Key, Path, Content string }

// maxConfigMap is what a ConfigMap may hold, in bytes, with some room for names.
const maxConfigMap = 1000 << 10

// submitKubernetes submits an Indexed Job of the shards, and writes the one that
// merges for when that has ended.
func (w *sweeping) submitKubernetes(ctx context.Context) error {
	for _, need := range []struct{ value, flag, what string }{
		{w.submit.image, "image", "an image that has meshsim, as in --image registry.example.org/meshsim:v1"},
		{w.submit.claim, "volume-claim", "a claim of a volume that all pods can write, as in --volume-claim runs"},
	} {
		if need.value == "" {
			return usage("--submit kubernetes needs --%s: %s", need.flag, need.what)
		}
	}
	dir, err := w.submitDir()
	if err != nil {
		return err
	}
	j, err := w.kubernetesJobs()
	if err != nil {
		return err
	}
	kubectl := append([]string{"kubectl"}, w.submit.options...)
	s := &submission{engine: kubernetes, dir: dir, files: []submissionFile{
		{Path: filepath.Join(dir, "shards.yaml"), Content: j.text(shardsManifest), mode: 0o666},
		{Path: filepath.Join(dir, "merge.yaml"), Content: j.text(mergeManifest), mode: 0o666, later: true},
	}, commands: [][]string{append(slices.Clip(kubectl), "create", "--filename=shards.yaml")}}
	if !w.submit.dryRun {
		if err := w.kubectl(ctx, s, j.Job, kubectl); err != nil {
			return err
		}
	}
	return w.tellSubmission(s)
}

// kubernetesJobs fills in the manifests.
func (w *sweeping) kubernetesJobs() (*kubernetesJobs, error) {
	name := string(w.plan.Scenario.Name)
	store := path.Join(podVolume, name, "store")
	if given := w.sweepOptions.store; given != "" {
		store = given
		if !path.IsAbs(given) {
			store = path.Join(podVolume, given)
		}
		if store = path.Clean(store); !strings.HasPrefix(store, podVolume+"/") {
			return nil, usage("--store %s: the volume is at %s in the pods; write a directory in it, as in --store runs", given, podVolume)
		}
	}
	scenario, files, err := w.podFiles()
	if err != nil {
		return nil, err
	}
	j := &kubernetesJobs{Job: jobName(name) + "-" + w.started.UTC().Format("20060102-150405"), Scenario: name,
		Shards: w.submit.shards, Parallel: w.submit.parallel, Total: len(w.plan.Runs()), Image: w.submit.image, Claim: w.submit.claim,
		Sweep: append(w.shardWords(scenario, store), "--shard", "auto/"+strconv.Itoa(w.submit.shards)),
		Merge: w.mergeWords(scenario, store, podVolume), Cores: w.cores(), Memory: mebibytes(w.shardMemory()),
		MergeMemory: mebibytes(w.mergeMemory()), Seconds: int64(w.submit.limit.Seconds()), Files: files}
	if j.Parallel == 0 {
		j.Parallel = j.Shards
	}
	return j, nil
}

// jobName is the part of a Job's name that a scenario's makes: pods are called
// after it, which leaves it this many letters, digits and hyphens.
func jobName(scenario string) string {
	const longest = 24
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(scenario))
	return strings.TrimRight("meshsim-"+name[:min(len(name), longest)], "-")
}

// podFiles are the scenario and what it reads, and its path in the pods. One of
// the library, or of the image, is there already.
func (w *sweeping) podFiles() (scenario string, files []podFile, err error) {
	if w.submit.path != "" {
		return w.submit.path, nil, nil
	}
	if info, err := os.Stat(w.name); err != nil || info.IsDir() {
		return w.name, nil, nil
	}
	inputs, err := w.inputs()
	if err != nil {
		return "", nil, err
	}
	size := 0
	for i, at := range append([]string{filepath.Base(w.name)}, inputs...) {
		if !filepath.IsLocal(at) {
			return "", nil, usage("the scenario reads %s, which lies outside of its directory; put both into the image and write --scenario-in-image PATH", at)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(w.name), at))
		if err != nil {
			return "", nil, err
		}
		if !utf8.Valid(text) {
			return "", nil, usage("%s is no text in UTF-8, which a ConfigMap takes alone; put it and the scenario into the image and write --scenario-in-image PATH", at)
		}
		files = append(files, podFile{fmt.Sprintf("file-%d", i), filepath.ToSlash(at), string(text)})
		size += len(text)
	}
	if size > maxConfigMap {
		return "", nil, usage("the scenario and what it reads have %d bytes, and a ConfigMap takes %d; put them into the image and write --scenario-in-image PATH", size, maxConfigMap)
	}
	return path.Join(podScenarios, files[0].Path), files, nil
}

// inputs are the files that the points read, in the order of their names.
func (w *sweeping) inputs() ([]string, error) {
	seen := map[string]bool{}
	var list []string
	for i := range w.plan.Points {
		s, err := w.plan.Points[i].Load()
		if err != nil {
			return nil, err
		}
		for _, in := range s.Inputs() {
			name := in[:strings.LastIndexByte(in, ' ')] // its digest follows
			if !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return list, nil
}

// kubectl submits the manifest of the shards.
func (w *sweeping) kubectl(ctx context.Context, s *submission, job string, kubectl []string) error {
	if err := s.write(); err != nil {
		return err
	}
	if _, err := exec.LookPath("kubectl"); err != nil {
		return usage("there is no kubectl here; the manifests are in %s: where it is, write: %s", s.dir, shell(s.commands[0]...))
	}
	if _, err := s.run(ctx, s.commands[0]); err != nil {
		return usage("Kubernetes did not take the job; %v", err)
	}
	on := func(words ...string) string { return shell(append(slices.Clip(kubectl), words...)...) }
	s.jobs = []submittedJob{{"shards", job}}
	s.next = [][2]string{
		{"follow", on("get", "job", job, "--watch")},
		{"logs", on("logs", "--prefix", "--selector=job-name="+job, "--tail=-1")},
		{"cancel", on("delete", "--filename="+filepath.Join(s.dir, "shards.yaml"))},
		{"then", on("create", "--filename="+filepath.Join(s.dir, "merge.yaml"))},
		{"results", on("logs", "--follow", "job/"+job+"-merge") + ", and " + path.Join(podVolume, string(w.plan.Scenario.Name)) + " of the volume"},
	}
	return nil
}

func (j *kubernetesJobs) text(t *templates.Template) string {
	var b strings.Builder
	if err := t.Execute(&b, j); err != nil {
		panic("meshsim: " + err.Error()) // the templates are built in
	}
	return b.String()
}

// yamlText writes a text as YAML, quoted as in JSON.
func yamlText(s string) string {
	var b strings.Builder
	if err := writeJSON(&b, s); err != nil {
		panic("meshsim: " + err.Error()) // every text can be written
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// yamlArgument writes an argument of a container. There Kubernetes takes two
// dollars for one, and one with a name in parentheses for a variable.
func yamlArgument(s string) string { return yamlText(strings.ReplaceAll(s, "$", "$$")) }

// yamlFile writes the content of a file as YAML, indented by four: as it is, for
// people, where YAML gives that back to the byte.
func yamlFile(s string) string {
	odd := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	if !strings.HasSuffix(s, "\n") || strings.HasSuffix(s, "\n\n") || s == "\n" || strings.ContainsFunc(s, odd) {
		return yamlText(s)
	}
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return "|2\n" + strings.Join(lines, "\n")
}
