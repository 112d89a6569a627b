#!/usr/bin/env bash
# The same plans, bit for bit, from gcc and clang, without and with optimization: the road engine and
# the optimizer are built four times, which takes minutes. It is part of `./run long`.
#
# usage: test_compilers.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
out=$1/compilers
cd "$2"
mkdir -p "$out"

flags=(-std=c17 -ffp-contract=off -fopenmp -D_POSIX_C_SOURCE=200809L -DMUSTER_VERSION='"0"' -Iinclude -I.)
sources=(core/*.c solver/*.c tests/compilers/plans.c)

# compile COMPILER LEVEL FOLDER SOURCE
compile() {
    "$1" "$2" "${flags[@]}" -c "$4" -o "$3/${4//\//_}.o"
}

# Two at a time.
build() {
    local source
    for source in "${sources[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
        compile "$@" "$source" &
    done
    while [ -n "$(jobs -rp)" ]; do wait -n; done
    "$1" -fopenmp "$3"/*.o -lglpk -lmetis -lcmocka -lm -o "$3/plans"
}

for compiler in gcc clang-14; do
    for level in -O0 -O3; do
        folder=$out/$compiler$level
        mkdir -p "$folder"
        build "$compiler" "$level" "$folder"
        "$folder/plans" >"$folder/plans.txt"
        echo "$compiler $level: $(wc -l <"$folder/plans.txt") lines, $(cksum <"$folder/plans.txt")"
        cmp "$out/gcc-O0/plans.txt" "$folder/plans.txt"
    done
done
