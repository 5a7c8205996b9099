# Sourced by ./modelinspector and ./test: brings a fresh machine to the point where the program runs.
# Each step looks first and works only when something is missing or out of date.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
artifacts="$root/artifacts"
program="$artifacts/bin/ModelInspector.Cli/release/modelinspector.dll"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Debian packages: asks apt only for what is absent.
need_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || stop "Missing: ${missing[*]}. This system has no apt; install libtorch (1.13 or newer), OpenBLAS, OpenCV's imgcodecs, cmake and g++ by its own means, then run this again."
    local as_root=(); [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        stop "Missing: ${missing[*]}. Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
    say "Installing ${missing[*]} (apt) …"
    {
        "${as_root[@]}" apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
    } >"$artifacts/apt.log" 2>&1 || stop "apt could not install ${missing[*]}: $(tail -n 1 "$artifacts/apt.log") Full log: artifacts/apt.log"
}

need_command() {
    command -v "$1" >/dev/null || stop "$1 was not found. $2"
}

need_dotnet() {
    need_command dotnet "Install the .NET 10 SDK, then run this again."
}

need_node() {
    need_command node "The report's viewer is built with Node.js 20 or newer: install it, then run this again."
    need_command npm "The report's viewer is built with npm: install it, then run this again."
}

build_native() {
    "$root/src/LibTorch/native/build.sh" >"$artifacts/native.log" 2>&1 ||
        stop "The native bridge did not build: $(grep -m 1 -i error "$artifacts/native.log" || tail -n 1 "$artifacts/native.log") Full log: artifacts/native.log"
}

# Whether anything that the program is made of is newer than a stamp file.
newer_than() {
    [ -f "$1" ] || return 0
    [ -n "$(find "$root/src" "$root/build" "$root"/Directory.* "$root/global.json" \
        \( -name node_modules -o -name dist -o -path '*/native/build' \) -prune -o -type f -newer "$1" -print -quit)" ]
}

set_up_machine() {
    mkdir -p "$artifacts"
    [ "$artifacts/.machine" -nt "$root/build/setup.sh" ] && return
    need_dotnet
    need_node
    need_packages libtorch-dev libopenblas0-pthread libopencv-imgcodecs-dev cmake g++
    touch "$artifacts/.machine"
}

build_program() {
    newer_than "$artifacts/.built" || { [ -f "$program" ] && return; }
    say "Building (native bridge, viewer, program) …"
    touch "$artifacts/.building"
    build_native
    dotnet build "$root/src/ModelInspector.Cli" -c Release -v quiet >"$artifacts/build.log" 2>&1 ||
        stop "The build failed: $(grep -m 1 -E 'error' "$artifacts/build.log" || tail -n 1 "$artifacts/build.log") Full log: artifacts/build.log"
    mv "$artifacts/.building" "$artifacts/.built"
}
