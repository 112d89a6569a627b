#!/usr/bin/env bash
# Nights of examples/dispatch_system, killed and started again: all that was acknowledged is there,
# the journal is whole, and the example itself finds out when something is not there.
# usage: test_example.sh DISPATCH_SYSTEM MUSTER SOURCE_DIR [SEED...]
set -euo pipefail
system=$1 muster=$2 source=$3
shift 3
seeds=("${@:-1}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'test_example: %s\n' "$1" >&2
    tail -n 40 "$work/log" >&2
    exit 1
}

PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$source/tests/support/small_scenario.py" "$work/small.gpkg"

for seed in "${seeds[@]}"; do
    "$system" "$work/small.gpkg" "$work/night-$seed" --seed "$seed" --pace 1 --crash-after 35 \
        --crashes 5 >"$work/log" 2>&1 || fail "the night of seed $seed did not end well"
    [ "$(grep -c '^---- killed' "$work/log")" -eq 5 ] || fail "it was not killed five times"
    [ "$(grep -c 'nothing lost, nobody sent twice' "$work/log")" -ge 7 ] ||
        fail "it was not checked at each start and at the end"
    grep -q '^12 incidents reported' "$work/log" || fail "incidents are missing"
    "$muster" journal verify "$work/night-$seed/journal" | grep -q '6 terms of writing' ||
        fail "the journal does not tell of six processes"
    cat "$work/log" >>"$work/nights"
done
grep -q 'DECLINED' "$work/nights" || fail "nobody declined"
grep -q 'in place of order' "$work/nights" || fail "nobody was sent in place of another"

# "Why was order 1 sent?", long after.
"$muster" journal replay "$work/night-${seeds[0]}/journal" --store "$work/small.gpkg" --order 1 >"$work/log" 2>&1 ||
    fail "the journal does not know why order 1 was sent"

# The check of the example is one: something that the session never said, an order that was taken for
# another's, a decline that has become something else, and a journal that has lost its last records, which
# to the journal itself looks like a crash.
is_lost() {
    if "$system" "$work/small.gpkg" "$work/wrong" >"$work/log" 2>&1; then fail "no LOST after $1"; fi
    grep -q '^LOST: ' "$work/log" || fail "no LOST after $1"
    rm -r "$work/wrong"
}
edit_ledger() {
    cp -r "$work/night-${seeds[0]}" "$work/wrong"
    sed -i "$1" "$work/wrong/ledger"
    is_lost "$1"
}
# shellcheck disable=SC2016
edit_ledger '$a told 5 1782936000000 unit_moved 0 never-told'
edit_ledger '0,/^sent /s/^sent \([0-9]*\) \([0-9]*\) [^ ]*/sent \1 \2 SOMEBODY/'
edit_ledger '0,/ order_accepted /s/ order_accepted \([0-9]*\) / order_declined \1 /'

cp -r "$work/night-${seeds[0]}" "$work/wrong"
segments=("$work"/wrong/journal/*.journal)
truncate -s -1000 "${segments[-1]}"
is_lost "the end of the journal was cut off"
echo "${#seeds[@]} nights with five crashes each, nothing lost"
