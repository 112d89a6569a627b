#!/usr/bin/env bash
# Every benchmark on the home scenario, and those of roads on New York where MUSTER_SHARED has it, with
# the circumstances that the figures need.
# usage: bench/run.sh BUILD_DIR [--write-docs]
set -euo pipefail
build=$1
scenario=$build/data/jiaxing.gpkg
docs=()
case "${2:-}" in
"") ;;
--write-docs) docs=(--markdown "$(dirname "$0")/../docs/benchmarks.md") ;;
*)
    echo "bench/run.sh: there is no option \"$2\"; expected --write-docs" >&2
    exit 2
    ;;
esac

echo "machine:  $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores"
echo "compiler: $(cc --version | head -n 1), Release"
echo "commit:   $(git rev-parse --short HEAD 2>/dev/null || echo none)"
echo
"$build/cli/muster" bench "$scenario" --scenario typhoon-100 "${docs[@]}"
echo
"$build/bench/bench_roads" "$scenario"
"$build/bench/bench_customize" "$scenario"
"$build/bench/bench_table" "$scenario"
"$build/bench/bench_closure" "$scenario"
/usr/bin/python3 "$(dirname "$0")/peers/scipy_table.py" "$build/cli/muster" "$scenario"
echo
"$build/bench/bench_query" "$scenario"
new_york=$build/bench/new-york.gpkg dimacs9=${MUSTER_SHARED:-none}/dimacs9
if [ -d "$dimacs9" ] && [ ! -f "$new_york" ]; then
    "$build/cli/muster" import dimacs -o "$new_york" --graph "$dimacs9/USA-road-t.NY.gr.gz" \
        --lengths "$dimacs9/USA-road-d.NY.gr.gz" --coordinates "$dimacs9/USA-road-d.NY.co.gz" >/dev/null
fi
if [ -f "$new_york" ]; then
    for job in query roads customize; do "$build/bench/bench_$job" "$new_york"; done
fi
"$build/bench/bench_one_to_all" "$scenario"
"$build/bench/bench_snapshot" "$scenario" 14
echo
"$build/bench/bench_isochrone" "$scenario" 120.7612 30.7534
echo
"$build/bench/bench_plan" "$scenario" typhoon-1 typhoon-10 typhoon-30 typhoon-100 typhoon-300 typhoon-1000
echo
"$build/bench/bench_replan" --items by-themselves "$scenario" typhoon-100
"$build/bench/bench_replan" "$scenario" typhoon-100
"$build/bench/bench_flood" "$scenario" typhoon-100
echo
"$build/bench/bench_readiness" "$scenario"
echo
"$build/bench/bench_session" "$scenario" typhoon-100
"$build/bench/bench_simulation" "$(dirname "$0")/../data/scenarios/typhoon.toml" "$scenario" greedy 1 2
"$build/bench/bench_simulation" "$(dirname "$0")/../data/scenarios/typhoon.toml" "$scenario" muster 1 2
auckland=$build/bench/auckland.gpkg jemss=${MUSTER_SHARED:-none}/jemss/auckland
if [ -d "$jemss" ] && [ ! -f "$auckland" ]; then
    /usr/bin/python3 "$(dirname "$0")/../data/scenarios/import_jemss.py" "$jemss" -o "$auckland" >/dev/null
    "$build/cli/muster" order "$auckland" >/dev/null
fi
if [ -f "$auckland" ]; then
    "$build/bench/bench_simulation" "$(dirname "$0")/../data/scenarios/auckland.toml" "$auckland" greedy 1000 2
fi
echo
orlib=${MUSTER_SHARED:-none}/orlib/pmed
if [ -d "$orlib" ]; then
    "$build/bench/bench_siting" "$scenario" "$orlib"
else
    "$build/bench/bench_siting" "$scenario"
fi
echo
/usr/bin/python3 "$(dirname "$0")/claims.py" "$build"
/usr/bin/python3 "$(dirname "$0")/next_plan.py" "$build"
echo
/usr/bin/python3 "$(dirname "$0")/serve.py" "$build" "$scenario"
echo
"$build/bench/bench_deadline" --solves 1000 "$scenario" typhoon-1000
