#!/bin/sh
# Runs one fuzz target for a while: Tests/Fuzz/run.sh TARGET SECONDS [RUNS]
# The targets: DocumentFuzz, CorefileFuzz, WireFuzz, ResponseFuzz.
# With RUNS it is the same run each time: so many inputs, from a fixed seed, from the seeds of the repository alone.
# The room is compiled together with the target as one module (an `import` of the room in it is ignored), with libFuzzer
# and the address sanitizer. New inputs stay in .build/fuzz/NAME.corpus; the seeds in Tests/Fuzz/corpus/NAME are only
# read. A crash is written to .build/fuzz/. FUZZ_OUT names another folder than .build/fuzz.
set -eu
name=${1:?target: DocumentFuzz, CorefileFuzz, WireFuzz or ResponseFuzz}
seconds=${2:-60}
root=$(cd "$(dirname "$0")/../.." && pwd)
case $name in
DocumentFuzz | CorefileFuzz) room=SourceText ;;
WireFuzz | ResponseFuzz) room=DNS ;;
*) echo "run.sh: no target '$name': DocumentFuzz, CorefileFuzz, WireFuzz or ResponseFuzz" >&2; exit 2 ;;
esac
case $room in
DNS) shared=$root/Tests/Fuzz/MessageCheck.swift ;;
*) shared= ;;
esac

out=${FUZZ_OUT:-$root/.build/fuzz}
same=
if [ $# -ge 3 ]; then
    same="-seed=1 -runs=$3"
    rm -rf "$out/$name.corpus"
fi
mkdir -p "$out/$name.corpus"
# A file is compiled in the order of its path; the names of all files of a room differ.
find "$root/Sources/$room/" -name '*.swift' | sort > "$out/$name.files"
# shellcheck disable=SC2086
swiftc -sanitize=fuzzer,address -parse-as-library -O -g -swift-version 6 \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny \
    -module-name "$room" -I "$root/Sources/CYAML" \
    @"$out/$name.files" "$root/Tests/Fuzz/$name.swift" $shared -o "$out/$name"

# The backtracer of Swift can take minutes; the sanitizer prints the stack itself.
export SWIFT_BACKTRACE=enable=no
dictionary=$root/Tests/Fuzz/$name.dict
# shellcheck disable=SC2086
exec "$out/$name" $same -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
    -artifact_prefix="$out/$name-" -print_final_stats=1 \
    $(test -f "$dictionary" && echo "-dict=$dictionary") "$out/$name.corpus" "$root/Tests/Fuzz/corpus/$name"
