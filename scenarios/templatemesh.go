package scenarios

// taskSketch is nodes that do work, some of which crash with it.
var taskSketch = sketch{
	name:     "tasks",
	protocol: "task",
	duration: "60s",
	write:    "strategy: stealing\ncores: 1\nlease: 5s\njournal: true",
	nodes: `  slow: {count: 24, cpu: {cores: 2}}   # one core for tasks, one that answers messages meanwhile
  fast:
    count: 8
    cpu: {cores: 2}
    protocols: {task: {speed: 2, capabilities: [gpu]}}`,
	network: `  default: {latency: 2ms, jitter: 1ms}`,
	workload: `  - {submit: {to: all, size: 1s, sizes: exponential, rate: 24/s, arrivals: poisson}, stop: 25s}
  # - {submit: {to: slow-0, size: 100ms, count: 20, burst: 10, rate: 2/s}}      # bursts at one node
  # - {submit: {to: all, trace: {jobs: fb2009, time: 0.001, longest: 5s}}}      # a recorded day, a thousand times as fast
  # - {submit: {to: slow, size: 1s, needs: [gpu], rate: 4/s}, stop: 25s}        # with strategy: capability or auction`,
	faults: `  - {name: crash, at: 12s, for: 5s, crash: 25% of slow}   # what they had is leased, or in their journal
  # - {at: 10s, for: 5s, partition: {isolate: fast}}
  # - {at: 0s, byzantine: {nodes: fast-0, behaviour: silent}}   # meshsim list protocols tells of lies, too`,
	expect: `  always:                        # safety: at every event of every run
    - task.at-least-once         # exactly-once, where nobody crashes and no message is lost
    - task.conservation
    # - task.capability          # where tasks need something
  eventually:                    # liveness: counted for each task from when it is asked for
    - task.completed >= 100% within 30s
  sometimes:                     # or the faults were never felt, and the runs prove nothing
    - run.live < 32 and task.open > 5
  thresholds:                    # over all runs, with confidence intervals
    task.time_in_system_mean: ["mean < 4s"]

# Which strategy is better, by how much, at which cost:   meshsim sweep tasks.yaml
sweep:
  matrix: {protocols.task.strategy: [local, choices, stealing, balance, capability, auction]}
  baseline: {protocols.task.strategy: local}`,
}

// meshSketch is the whole node of a mesh: protocols that serve one another.
var meshSketch = sketch{
	name:     "mesh",
	duration: "150s",
	nodes: `  seed: {count: 3}               # whom newcomers ask
  node: {count: 52}
  replicas:                      # a part of the mesh holds a store, ordered by Raft
    count: 5
    disk: {sync: 2ms}
    protocols: {raft: {election_timeout: 1s, election_timeout_max: 2s, heartbeat: 200ms}}
  clients:                       # they ask the replicas
    count: 3
    protocols: {raft: {client: {load: closed, think: 200ms, reads: 50%, start: 20s, stop: 120s, timeout: 1s}}}`,
	protocols: `  discovery:                     # who is linked with whom; tells the others which peers there are
    seeds: seed
    # degree_max: 5              # links that a node has at most; all fields: meshsim explain protocols.discovery
  heartbeat:                     # who has failed; discovery then replaces the link
    detector: phi                # or fixed, nfd-s, nfd-e, swim; meshsim explain protocols.heartbeat.detector
    # interval: 1s
  partition:                     # who is cut from the majority is read-only; gossip and Raft obey
    probes: 5
    # reach: detector            # take the word of heartbeat in place of probes of its own
  gossip:                        # rumors and a replicated map, among the peers that discovery found
    mode: push-pull
    peers: membership
    fanout: 1
    interval: 1s
    retention: 60s
    anti_entropy: {interval: 2s} # what rumors missed
  # task: {strategy: capability} # nodes that do work, too; meshsim init tasks`,
	workload: `  - {publish: {from: node, rate: 0.5/s, size: 64B}, start: 20s, stop: 110s}
  - {put: {from: node, rate: 0.5/s, keys: 20}, start: 20s, stop: 110s}`,
	faults: `  - {name: crash, at: 40s, for: 15s, crash: 10% of node}
  - {name: cut, at: 75s, for: 20s, partition: {isolate: 40% of node}}
  - {name: gone, at: 110s, crash: node-51}   # for good; the others must find out
  # - {at: 100s, for: 20s, churn: {nodes: node, session: 2m, downtime: 20s}}
  # - {at: 0s, byzantine: {nodes: node-0, behaviour: lie, lie: forge}}   # meshsim list protocols`,
	expect: `  always:                        # safety: at every event of every run
    - discovery.degree-bound
    - discovery.unforged
    - heartbeat.completeness
    - partition.one-side         # never two sides that write
    - partition.no-minority-write
    - gossip.no-lost-write
    - raft.election-safety
    - raft.linearizable
  eventually:                    # liveness: counted for each operation from when it is asked for
    - raft.completed >= 100% within 30s
  sometimes:                     # or the faults were never felt, and the runs prove nothing
    - partitioned and partition.read_only >= 20%
    - run.live < 60 and heartbeat.detected > 0%
  thresholds:                    # over all runs, with confidence intervals
    discovery.connectivity: ["mean > 90%"]
    gossip.convergence_time: ["p95 < 60s"]`,
}
