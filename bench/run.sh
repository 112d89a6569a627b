#!/usr/bin/env bash
# Every benchmark on the home scenario, with the circumstances that its figures need.
# usage: bench/run.sh BUILD_DIR
set -euo pipefail
build=$1
scenario=$build/data/jiaxing.gpkg

echo "machine:  $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores"
echo "compiler: $(cc --version | head -n 1), Release"
echo "commit:   $(git rev-parse --short HEAD 2>/dev/null || echo none)"
echo
"$build/bench/bench_roads" "$scenario"
/usr/bin/python3 "$(dirname "$0")/peers.py" "$build/cli/muster" "$scenario"
echo
"$build/bench/bench_one_to_all" "$scenario"
echo
"$build/bench/bench_isochrone" "$scenario" 120.7612 30.7534
echo
"$build/bench/bench_plan" "$scenario" typhoon-1 typhoon-10 typhoon-30 typhoon-100 typhoon-300 typhoon-1000
