#!/usr/bin/env bash
# Builds libmodelinspector_native.so into ./build; says nothing and does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

library=build/libmodelinspector_native.so
if [ -f "$library" ] && [ -z "$(find . -maxdepth 1 -type f \( -name '*.cpp' -o -name '*.h' -o -name CMakeLists.txt \) -newer "$library" -print -quit)" ]; then
  exit 0
fi

mkdir -p build
log=build/build.log
if ! { cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build --parallel "$(nproc)"; } >"$log" 2>&1; then
  grep -E -A3 '(error|Error)' "$log" >&2 || tail -n 20 "$log" >&2
  echo "The native bridge did not build; the whole log is in $PWD/$log." >&2
  exit 1
fi
touch "$library"
