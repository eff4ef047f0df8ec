// Package kubernetes checks what meshsim submits to Kubernetes against the types
// of its API, and does what the pods would do. It is a module of its own, so that
// users of meshsim need none of that.
package kubernetes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// meshsim is the program, which TestMain builds.
var meshsim string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "meshsim")
	if err != nil {
		panic(err)
	}
	meshsim = filepath.Join(dir, "meshsim")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", meshsim, "./cmd/meshsim")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// manifests are what a submission consists of.
type manifests struct {
	config        *corev1.ConfigMap // nil if there is none
	shards, merge *batchv1.Job
}

// submit asks for the manifests and reads them strictly: a field that the API does
// not have is an error.
func submit(t *testing.T, dir string, args ...string) *manifests {
	t.Helper()
	out := run(t, dir, nil, append([]string{"sweep"}, append(args, "--submit", "kubernetes", "--dry-run", "--json")...)...)
	var s struct {
		Files []struct{ Path, Content string }
	}
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	m := &manifests{}
	for _, f := range s.Files {
		for _, document := range strings.Split("\n"+f.Content, "\n---\n")[1:] {
			m.read(t, filepath.Base(f.Path), []byte(document+"\n"))
		}
	}
	if m.shards == nil || m.merge == nil {
		t.Fatalf("there are not both jobs in %s", out)
	}
	return m
}

func (m *manifests) read(t *testing.T, file string, document []byte) {
	t.Helper()
	var kind struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal(document, &kind); err != nil {
		t.Fatal(err)
	}
	var into any
	switch kind.APIVersion + " " + kind.Kind {
	case "v1 ConfigMap":
		m.config = &corev1.ConfigMap{}
		into = m.config
	case "batch/v1 Job":
		job := &batchv1.Job{}
		if into = job; file == "merge.yaml" {
			m.merge = job
		} else {
			m.shards = job
		}
	default:
		t.Fatalf("%s has a %v", file, kind)
	}
	if err := yaml.UnmarshalStrict(document, into); err != nil {
		t.Fatalf("%s: %v in\n%s", file, err, document)
	}
}

func run(t *testing.T, dir string, env []string, args ...string) []byte {
	t.Helper()
	c := exec.Command(meshsim, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("meshsim %q: %v\n%s", args, err, &stderr)
	}
	return out
}

// scenario is one with a name, a matrix and texts that YAML and shells could take
// for more than they are.
const scenario = `meshsim: 1
name: Odd.name_with-more.than.twenty-four.letters
description: "it's: \"odd\" # 'é' \\ {{.Job}} $(HOME)"
run: {duration: 3s, repeat: 3}
nodes: {core: {count: 20, zone: a}}
network: {zones: {matrix: zones/my own.csv}}
protocols: {gossip: {mode: push-pull, fanout: 2, interval: 200ms}}
workload: [{publish: {from: core-0, size: 64B}, start: 100ms}]
metrics: {sample: 100ms, record: []}

  # an odd line
expect:
  eventually: ["gossip.coverage >= 99% within 2s"]
`

const matrix = "zone,a,b\na,0.4,10\nb,10,0.4\n"

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func odd(t *testing.T) (dir string, args []string) {
	dir = t.TempDir()
	write(t, filepath.Join(dir, "in here", "odd one.yaml"), scenario)
	write(t, filepath.Join(dir, "in here", "zones", "my own.csv"), matrix)
	return dir, []string{"in here/odd one.yaml", "--set", "protocols.gossip.fanout=2,3", "--set", `description="a 'b' $HOME $(HOME)"`, "--seed", "7"}
}

// The manifest says what a sweep needs: every index is tried again but for a wrong
// scenario, and a pod that is moved does not count.
func TestShards(t *testing.T) {
	dir, args := odd(t)
	m := submit(t, dir, append(args, "--shards", "6", "--parallel", "2", "--image", "example.org/meshsim:1", "--volume-claim", "runs",
		"--workers", "2", "--shard-memory", "3GiB", "--shard-time", "90m")...)
	spec := m.shards.Spec
	if *spec.CompletionMode != batchv1.IndexedCompletion || *spec.Completions != 6 || *spec.Parallelism != 2 || *spec.BackoffLimitPerIndex != 3 {
		t.Errorf("the job is %+v", spec)
	}
	rules := spec.PodFailurePolicy.Rules
	if len(rules) != 2 || rules[0].Action != batchv1.PodFailurePolicyActionFailIndex || fmt.Sprint(rules[0].OnExitCodes.Values) != "[2]" ||
		rules[0].OnExitCodes.Operator != batchv1.PodFailurePolicyOnExitCodesOpIn ||
		rules[1].Action != batchv1.PodFailurePolicyActionIgnore || rules[1].OnPodConditions[0].Type != corev1.DisruptionTarget {
		t.Errorf("the rules of failures are %+v", rules)
	}
	pod := spec.Template.Spec
	c := pod.Containers[0]
	if pod.RestartPolicy != corev1.RestartPolicyNever || *pod.ActiveDeadlineSeconds != 5400 || *rules[0].OnExitCodes.ContainerName != c.Name ||
		c.Image != "example.org/meshsim:1" || c.Resources.Requests.Cpu().Value() != 2 || c.Resources.Requests.Memory().Value() != 3<<30 {
		t.Errorf("the pod is %+v", pod)
	}
	for _, mount := range c.VolumeMounts {
		found := false
		for _, v := range pod.Volumes {
			found = found || v.Name == mount.Name
		}
		if !found {
			t.Errorf("there is no volume %s", mount.Name)
		}
	}
	if claim := pod.Volumes[0].PersistentVolumeClaim; claim == nil || claim.ClaimName != "runs" {
		t.Errorf("the volumes are %+v", pod.Volumes)
	}
	for _, name := range []string{m.config.Name, m.shards.Name + "-5", m.merge.Name, c.Name} {
		if wrong := validation.IsDNS1123Label(name); len(wrong) > 0 {
			t.Errorf("the name %q: %v", name, wrong)
		}
	}
	if longest := len(m.shards.Name + "-99999-abcde"); longest > validation.DNS1123LabelMaxLength {
		t.Errorf("names of pods have %d letters", longest)
	}
}

// The files arrive as they are.
func TestFiles(t *testing.T) {
	dir, args := odd(t)
	m := submit(t, dir, append(args, "--shards", "2", "--image", "i", "--volume-claim", "v")...)
	got := placed(t, m, m.shards)
	if len(got) != 2 || got["odd one.yaml"] != scenario || got["zones/my own.csv"] != matrix {
		t.Errorf("the pods find %q", got)
	}
	for _, args := range [][]string{{"quickstart", "--repeat", "2"}, append(args, "--scenario-in-image", "/a b.yaml")} {
		m := submit(t, dir, append(args, "--shards", "2", "--image", "i", "--volume-claim", "v")...)
		if m.config != nil || len(m.shards.Spec.Template.Spec.Volumes) != 1 || len(m.merge.Spec.Template.Spec.Containers[0].VolumeMounts) != 1 {
			t.Errorf("%q: files are sent that are there", args)
		}
	}
}

// placed are the files that a job's pods find beside the scenario.
func placed(t *testing.T, m *manifests, job *batchv1.Job) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, v := range job.Spec.Template.Spec.Volumes {
		if v.ConfigMap == nil {
			continue
		}
		if v.ConfigMap.Name != m.config.Name {
			t.Errorf("the volume is %s, the map %s", v.ConfigMap.Name, m.config.Name)
		}
		for _, item := range v.ConfigMap.Items {
			if wrong := validation.IsConfigMapKey(item.Key); len(wrong) > 0 {
				t.Errorf("the key %q: %v", item.Key, wrong)
			}
			files[item.Path] = m.config.Data[item.Key]
		}
	}
	return files
}

// What the pods do, in directories in place of volumes, yields the results of a
// sweep on one machine. One that is made again finds its runs.
func TestPods(t *testing.T) {
	dir, args := odd(t)
	const shards = 4
	m := submit(t, dir, append(args, "--shards", fmt.Sprint(shards), "--image", "i", "--volume-claim", "v")...)
	volume, scenarios := t.TempDir(), t.TempDir()
	for path, text := range placed(t, m, m.shards) {
		write(t, filepath.Join(scenarios, path), text)
	}
	pod := func(job *batchv1.Job, env ...string) string {
		c := job.Spec.Template.Spec.Containers[0]
		var words []string
		for _, w := range c.Args {
			for _, mount := range c.VolumeMounts {
				if rest, ok := strings.CutPrefix(w, mount.MountPath); ok {
					w = map[string]string{"results": volume, "scenario": scenarios}[mount.Name] + rest
				}
			}
			words = append(words, strings.ReplaceAll(w, "$$", "$")) // as the kubelet does
		}
		return string(run(t, t.TempDir(), env, words...))
	}
	for k := range shards {
		pod(m.shards, fmt.Sprintf("JOB_COMPLETION_INDEX=%d", k))
	}
	if again := pod(m.shards, "JOB_COMPLETION_INDEX=3"); !strings.Contains(again, ", 0 of them made now") {
		t.Errorf("again: %s", again)
	}
	pod(m.merge)
	run(t, dir, nil, append([]string{"sweep"}, args...)...)
	const latest = "Odd.name_with-more.than.twenty-four.letters/latest"
	for _, file := range []string{"points.csv", "verdicts.csv", "scenario.yaml"} {
		want, err := os.ReadFile(filepath.Join(dir, "meshsim-out", latest, file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(volume, latest, file))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from that of one machine (%v):\n%s\n%s", file, err, got, want)
		}
	}
}
