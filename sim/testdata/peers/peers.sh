#!/usr/bin/env bash
# Measures meshsim against ns-3 and SimGrid on two workloads, in alternating
# runs, and prints the table of ratios. See README.md beside this file.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
	cat <<'END'
usage: peers.sh [flags]

  --runs N        alternating runs of each (5)
  --cases LIST    workload:nodes:events; gossip ends by itself
                  (phold:1000:10000000,phold:100000:5000000,phold:1000000:5000000,
                  gossip:100000:0,gossip:1000000:0)
  --peers LIST    simulator:variant (ns3:priority,ns3:map,ns3:heap,simgrid:timers)
  --workers LIST  of meshsim (1,2); the ratios to the peers are those of the first
  --meshsim FILE  a built meshsim; without it one is built from this checkout
  --peers-only    measure only the peers
  --keep DIR      build there, and build nothing that is there already

The lines of figures go to standard error as they come, the table to standard output.
END
}

runs=5
cases=phold:1000:10000000,phold:100000:5000000,phold:1000000:5000000,gossip:100000:0,gossip:1000000:0
peers=ns3:priority,ns3:map,ns3:heap,simgrid:timers
workers=1,2
meshsim='' peers_only='' keep=''
while (($#)); do
	case $1 in
	--runs) runs=$2 && shift 2 ;;
	--cases) cases=$2 && shift 2 ;;
	--peers) peers=$2 && shift 2 ;;
	--workers) workers=$2 && shift 2 ;;
	--meshsim) meshsim=$(realpath "$2") && shift 2 ;;
	--peers-only) peers_only=1 && shift ;;
	--keep) keep=$2 && shift 2 ;;
	--help | -h) usage && exit ;;
	*) usage >&2 && exit 2 ;;
	esac
done
IFS=, read -ra cases <<<"$cases"
IFS=, read -ra peers <<<"$peers"
IFS=, read -ra workers <<<"$workers"
[[ $peers_only ]] && workers=()

say() { printf '%s\n' "$*" >&2; }

# The directory for what is built.
if [[ $keep ]]; then
	mkdir -p "$keep"
	build=$(realpath "$keep")
else
	build=$(mktemp -d)
	trap 'rm -rf "$build"' EXIT
fi

install_peers() {
	command -v g++ >/dev/null && [[ -e /usr/include/ns3/core-module.h && -e /usr/include/simgrid/s4u.hpp ]] && return
	say "installing g++, ns-3 and SimGrid from Debian's packages"
	DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends g++ libns3-dev libsimgrid-dev >&2
}

build_all() {
	local flags=(-std=c++17 -O2 -DNDEBUG)
	[[ -x $build/ns3 ]] || g++ "${flags[@]}" -o "$build/ns3" "$here/ns3.cc" -lns3-core
	[[ -x $build/simgrid ]] || g++ "${flags[@]}" -o "$build/simgrid" "$here/simgrid.cc" -lsimgrid
	[[ $peers_only || $meshsim ]] && return
	meshsim=$build/meshsim
	[[ -x $meshsim ]] || (cd "$here/../../.." && go build -o "$meshsim" ./cmd/meshsim)
}

# run_one CONTENDER CASE prints the contender's line of figures.
run_one() {
	local contender=$1 workload nodes events
	IFS=: read -r workload nodes events <<<"$2"
	local args=("$workload" --nodes "$nodes")
	[[ $workload == gossip ]] || args+=(--events "$events")
	case $contender in
	meshsim:*) "$meshsim" bench "${args[@]}" --workers "${contender#*:}" ;;
	*) "$build/${contender%:*}" "${args[@]}" --variant "${contender#*:}" ;;
	esac
}

# field NAME reads a line of figures and prints one.
field() { sed -E 's/.*"'"$1"'": *([0-9.e+]+).*/\1/'; }

measure() {
	local case run contender line
	for case in "${cases[@]}"; do
		for ((run = 1; run <= runs; run++)); do
			for contender in "${workers[@]/#/meshsim:}" "${peers[@]}"; do
				line=$(run_one "$contender" "$case")
				say "$line"
				printf '%s %s %s %s\n' "$case" "$contender" \
					"$(field events_per_second <<<"$line")" "$(field peak_resident_bytes <<<"$line")"
			done
		done
	done
}

# Reads case, contender, events a second and bytes, one run a line, the runs of
# a contender in their order. The ratio is the median over runs of the figure of
# the case's first contender (meshsim) over this one's in the same run.
table() {
	awk '
	function median(list, n,   i, j, v, s) {
		split(list, s, " ")
		for (i = 2; i <= n; i++) {
			v = s[i] + 0
			for (j = i - 1; j > 0 && s[j] + 0 > v; j--) s[j + 1] = s[j]
			s[j + 1] = v
		}
		return n % 2 ? s[(n + 1) / 2] + 0 : (s[n / 2] + s[n / 2 + 1]) / 2
	}
	{
		id = $1 " " $2
		if (!(id in count)) order[++rows] = id
		run = ++count[id]
		rate[id, run] = $3
		rates[id] = rates[id] " " $3
		bytes[id] = bytes[id] " " $4
		if (!($1 in first)) first[$1] = id
		own[id] = first[$1]
	}
	END {
		print "| workload | nodes | simulator | events/s (median) | peak bytes a node | first row over this |"
		print "|---|---|---|---|---|---|"
		for (row = 1; row <= rows; row++) {
			id = order[row]; n = count[id]; ratios = ""
			for (run = 1; run <= n; run++) ratios = ratios " " rate[own[id], run] / rate[id, run]
			split(id, part, /[: ]/)
			name = part[4] == "meshsim" ? "meshsim, workers " part[5] : part[4] " " part[5]
			printf "| %s | %d | %s | %.2f million | %.0f | %.2f |\n", part[1], part[2], name, \
				median(rates[id], n) / 1e6, median(bytes[id], n) / part[2], median(ratios, n)
		}
	}'
}

install_peers
build_all
export GOGC=${GOGC:-100}
printf '%s; ns-3 %s, SimGrid %s, g++ %s -O2; GOGC=%s; %s cores, load %s; median of %s alternating runs\n\n' \
	"$(go version 2>/dev/null || echo no go)" \
	"$(dpkg-query -W -f '${Version}' libns3-dev)" "$(dpkg-query -W -f '${Version}' libsimgrid-dev)" \
	"$(g++ -dumpfullversion)" "$GOGC" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$runs"
measure | table
