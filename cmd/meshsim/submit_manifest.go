package main

import templates "text/template"

// manifest makes a template in which text, argument and file write YAML.
func manifest(name, text string) *templates.Template {
	return templates.Must(templates.New(name).Funcs(templates.FuncMap{"text": yamlText, "argument": yamlArgument, "file": yamlFile}).Parse(text + manifestParts))
}

// shardsManifest is the Job of the shards. JOB_COMPLETION_INDEX, which the pods
// get, is what --shard auto reads.
var shardsManifest = manifest("shards", `# Makes the {{.Total}} runs of {{.Scenario}} in {{.Shards}} pods. Written by
# meshsim sweep --submit kubernetes.
#
#   kubectl create --filename=shards.yaml
#
# A pod makes the runs of its shard that the store in the volume lacks. So it may
# be ended at any time, and a Job like this one made again, which goes on. Needs
# Kubernetes 1.29 or newer.
{{if .Files}}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{.Job}}
  labels: {app.kubernetes.io/name: meshsim}
data:
{{range .Files}}  {{.Key}}: {{file .Content}}
{{end}}{{end}}---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{.Job}}
  labels: {app.kubernetes.io/name: meshsim}
spec:
  completionMode: Indexed
  completions: {{.Shards}}
  parallelism: {{.Parallel}}
  # A shard that fails is tried again three times, and keeps no other from its work.
  backoffLimitPerIndex: 3
  podFailurePolicy:
    rules:
    # 2: the command line, the scenario or the version is wrong, again and again.
    - action: FailIndex
      onExitCodes: {containerName: meshsim, operator: In, values: [2]}
    # Moved or preempted: no failure of the shard's.
    - action: Ignore
      onPodConditions: [{type: DisruptionTarget, status: "True"}]
  template:
    metadata:
      labels: {app.kubernetes.io/name: meshsim}
    spec:
      restartPolicy: Never
{{- if .Seconds}}
      activeDeadlineSeconds: {{.Seconds}}
{{- end}}
      automountServiceAccountToken: false
      containers:
      - name: meshsim
        image: {{text .Image}}
        command: [meshsim]
        args:
{{- range .Sweep}}
        - {{argument .}}
{{- end}}
        resources:
          requests: {cpu: "{{.Cores}}", memory: {{.Memory}}Mi}
{{template "mounts" .}}`)

// mergeManifest is the Job that merges. Kubernetes has no order of Jobs, so it is
// submitted when the other one has ended.
var mergeManifest = manifest("merge", `# Puts the {{.Total}} runs of {{.Scenario}} together, or names those that are missing.
# For when the Job {{.Job}} has ended. Written by
# meshsim sweep --submit kubernetes.
#
#   kubectl create --filename=merge.yaml
#   kubectl logs --follow job/{{.Job}}-merge
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{.Job}}-merge
  labels: {app.kubernetes.io/name: meshsim}
spec:
  # It ends as meshsim does: 0 all holds, 1 something is violated, 5 undecided or
  # not complete. Trying again would say the same.
  backoffLimit: 0
  template:
    metadata:
      labels: {app.kubernetes.io/name: meshsim}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      containers:
      - name: meshsim
        image: {{text .Image}}
        command: [meshsim]
        args:
{{- range .Merge}}
        - {{argument .}}
{{- end}}
        resources:
          requests: {cpu: "1", memory: {{.MergeMemory}}Mi}
{{template "mounts" .}}`)

// manifestParts are what both have: the volume with the store and the results,
// and the files of the scenario.
const manifestParts = `{{define "mounts"}}        volumeMounts:
        - {name: results, mountPath: ` + podVolume + `}
{{- if .Files}}
        - {name: scenario, mountPath: ` + podScenarios + `, readOnly: true}
{{- end}}
      volumes:
      - name: results
        persistentVolumeClaim: {claimName: {{text .Claim}}}
{{- if .Files}}
      - name: scenario
        configMap:
          name: {{.Job}}
          items:
{{- range .Files}}
          - {key: {{.Key}}, path: {{text .Path}}}
{{- end}}
{{- end}}
{{end}}`
