#!/usr/bin/env bash
# Every public header compiles by itself, twice in a row, as C17 and as C++17, without a warning.
# usage: test_headers.sh INCLUDE_DIR
set -euo pipefail
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile HEADER: both languages
compile() {
    printf '#include <%s>\n#include <%s>\n' "$1" "$1" | tee "$work/${1//\//_}.c" >"$work/${1//\//_}.cpp"
    cc -std=c17 "${flags[@]}" "$work/${1//\//_}.c"
    c++ -std=c++17 "${flags[@]}" "$work/${1//\//_}.cpp"
}
flags=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include")

# Two at a time.
cd "$include"
headers=(muster/*.h)
running=()
for header in "${headers[@]}"; do
    compile "$header" &
    running+=($!)
    if [ ${#running[@]} -eq 2 ]; then
        wait "${running[0]}"
        running=("${running[1]}")
    fi
done
for job in "${running[@]}"; do wait "$job"; done
echo "${#headers[@]} headers compile by themselves, in C17 and C++17"
