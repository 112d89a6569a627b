#!/usr/bin/env bash
# Install the build into an empty prefix; build and run the examples against it through
# find_package and through pkg-config; look at what the headers need and the libraries export.
# usage: test_install.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >/dev/null
libdir=$(dirname "$(find "$work/prefix" -name libmuster.so | head -n 1)")

# The README shows the example and what it prints, to the letter; docs/session.md the first session.
# block FENCE FILE: what is in the first block that begins so
block() { awk -v fence="$1" '$0 == "```" {inside = 0} inside {print} $0 == fence && !seen {inside = seen = 1}' "$source/$2"; }
block '```c' README.md | diff - "$source/examples/dispatch.c"
block '```c' docs/session.md | diff - "$source/examples/first_session.c"
block '```text' README.md >"$work/expected"
check() { "$1" | diff - "$work/expected"; }

cmake -G Ninja -S "$source/examples" -B "$work/example" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/example" >/dev/null
check "$work/example/dispatch"

# pkg-config files name the prefix of the configuration; this one was chosen at install time.
export PKG_CONFIG_PATH="$libdir/pkgconfig"
flags=$(pkg-config --define-variable=prefix="$work/prefix" --cflags --libs muster)
# shellcheck disable=SC2086
cc -std=c17 -Wall -Wextra -Wpedantic "$source/examples/dispatch.c" $flags \
    -Wl,-rpath,"$libdir" -o "$work/dispatch"
check "$work/dispatch"

# Every header that was installed, by itself.
"$source/tests/headers/test_headers.sh" "$work/prefix/include" >/dev/null

# The first session: a town that is small enough for any machine, and told again the second time.
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$source/tests/support/small_scenario.py" "$work/small.gpkg"
"$work/example/first_session" "$work/small.gpkg" "$work/night" >"$work/first"
"$work/example/first_session" "$work/small.gpkg" "$work/night" >"$work/again"
sed '1s/^applied/repeated/' "$work/first" | diff - "$work/again"
grep -q '^order 1: T1 to I-1, 20 for flood_rescue' "$work/first"
# On the home scenario, where it has been made, what docs/session.md says.
home=$build/data/jiaxing.gpkg
if [ -f "$home" ]; then
    block '```text' docs/session.md >"$work/expected"
    "$work/example/first_session" "$home" "$work/home" | diff - "$work/expected"
fi

# The dispatch system: from CMake, run over a night with crashes; by hand, to see that it links.
"$source/tests/example/test_example.sh" "$work/example/dispatch_system" "$work/prefix/bin/muster" \
    "$source" 3 >/dev/null
flags=$(pkg-config --define-variable=prefix="$work/prefix" --cflags --libs muster_session muster_simulation)
# shellcheck disable=SC2086
(cd "$source/examples" && cc -std=c17 -Wall -Wextra -Wpedantic dispatch_system.c ledger.c night.c \
    planning.c $flags -pthread -Wl,-rpath,"$libdir" -o "$work/dispatch_system")
if "$work/dispatch_system" 2>"$work/usage"; then exit 1; fi
grep -q '^usage: ' "$work/usage"

# And from C++, each library.
cat >"$work/cxx.cpp" <<'END'
#include <muster/gis.h>
#include <muster/journal.h>
#include <muster/muster.h>
#include <muster/policy.h>
#include <muster/session.h>
int main() {
    muster_session_options options = MUSTER_SESSION_OPTIONS_INIT;
    muster_event event = MUSTER_EVENT_INIT;
    muster_journal *journal = nullptr;
    muster_session *session = nullptr;
    if (muster_session_open(&session, &options) != MUSTER_E_INVALID) return 1;
    if (muster_journal_open(&journal, "/dev/null/no-folder", nullptr) == MUSTER_OK) return 2;
    uint32_t policies = 0;
    if (muster_policy_check(muster_policy_builtins(&policies)) != MUSTER_OK || policies < 2) return 3;
    return muster_version()[0] == 0 || event.struct_size == 0 ||
           muster_event_type_name(MUSTER_EVENT_UNIT_MOVED) == nullptr;
}
END
# shellcheck disable=SC2086
c++ -std=c++17 -Wall -Wextra "$work/cxx.cpp" $flags -Wl,-rpath,"$libdir" -o "$work/cxx"
"$work/cxx"

for library in libmuster.so libmuster_gis.so libmuster_session.so libmuster_simulation.so; do
    foreign=$(nm -D --defined-only "$libdir/$library" | awk '$2 != "A" {print $3}' |
        grep -v '^muster_' || true)
    if [ -n "$foreign" ]; then
        printf '%s exports what is not muster_*:\n%s\n' "$library" "$foreign" >&2
        exit 1
    fi
done

"$work/prefix/bin/muster" --version | grep -q '^muster '
echo "installed, found by find_package and pkg-config, exports only muster_*"
