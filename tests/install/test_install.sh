#!/usr/bin/env bash
# Install the build into an empty prefix; build and run the example against it through
# find_package and through pkg-config; look at what the libraries export.
# usage: test_install.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >/dev/null
libdir=$(dirname "$(find "$work/prefix" -name libmuster.so | head -n 1)")

# The README shows the example and what it prints, to the letter.
block() { awk -v fence="$1" '$0 == "```" {inside = 0} inside {print} $0 == fence && !seen {inside = seen = 1}' "$source/README.md"; }
block '```c' | diff - "$source/examples/dispatch.c"
block '```text' >"$work/expected"
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

printf '#include <muster/muster.h>\n#include <muster/gis.h>\nint main() { return muster_version()[0] == 0; }\n' >"$work/cxx.cpp"
flags=$(pkg-config --define-variable=prefix="$work/prefix" --cflags --libs muster_gis)
# shellcheck disable=SC2086
c++ -std=c++17 -Wall -Wextra "$work/cxx.cpp" $flags -Wl,-rpath,"$libdir" -o "$work/cxx"
"$work/cxx"

for library in libmuster.so libmuster_gis.so libmuster_session.so; do
    foreign=$(nm -D --defined-only "$libdir/$library" | awk '$2 != "A" {print $3}' |
        grep -v '^muster_' || true)
    if [ -n "$foreign" ]; then
        printf '%s exports what is not muster_*:\n%s\n' "$library" "$foreign" >&2
        exit 1
    fi
done

"$work/prefix/bin/muster" --version | grep -q '^muster '
echo "installed, found by find_package and pkg-config, exports only muster_*"
