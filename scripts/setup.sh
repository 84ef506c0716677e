# Sourced by the other scripts: the Debian packages that each needs, how they are installed, and how times are reported.
# shellcheck shell=bash

packages_build=(g++ cmake ninja-build libboost-dev)
packages_demo=("${packages_build[@]}" nlohmann-json3-dev libcli11-dev libxtensor-dev)
# For the demos with LibTorch. What one needs besides is in demo.sh beside its program.
# shellcheck disable=SC2034
packages_torch=(zlib1g-dev libjpeg62-turbo-dev libpng-dev libtorch-dev libopenblas0-pthread)
packages_reference=(python3-clang-19)
packages_test=("${packages_demo[@]}" "${packages_reference[@]}" catch2 librange-v3-dev libeigen3-dev clang-19
  zlib1g-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libtorch-dev libopenblas0-pthread libgloo-dev libopenmpi-dev openmpi-bin libsqlitecpp-dev libsqlite3-dev libpq-dev postgresql libyaml-cpp-dev
  libonnx-dev libprotobuf-dev python3-protobuf python3-optuna chromium libopencv-dnn-dev libxgboost-dev)
packages_bench=("${packages_build[@]}" nlohmann-json3-dev libxtensor-dev libeigen3-dev libbenchmark-dev libpagmo-dev libtbb-dev clang-19 zlib1g-dev libtorch-dev libopenblas0-pthread libxgboost-dev)
packages_format=(clang-format-19)
packages_tidy=(clang-tidy-19)
packages_coverage=(gcovr)
packages_portability=(debootstrap)

say() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    die "installing packages needs root or sudo; install them yourself: $*"
  fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages <package>...: installs those that are missing; asks nothing, retries twice.
install_packages() {
  if ! command -v apt-get >/dev/null; then
    say "not a Debian system: make sure that what these packages hold is there: $*"
    return
  fi
  local package attempt missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} = 0 ]; then
    return
  fi
  say "installing ${missing[*]}"
  for attempt in 1 2 3; do
    # The lists are fetched only where the packages are not known yet, or after a failure.
    if [ "$attempt" -gt 1 ] || ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
      as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q || true
    fi
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}"; then
      return
    fi
    sleep $((attempt * 2))
  done
  die "could not install ${missing[*]}"
}

# use_ccache: lets ccache speed up repeated builds where it is installed.
use_ccache() {
  if command -v ccache >/dev/null && [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ]; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}"
  fi
}

# timed <name> <command>...: runs it and records wall and CPU seconds for report_times.
time_report=
time_file=$(mktemp)
trap 'rm -f "$time_file"' EXIT
timed() {
  local name=$1 status=0 start=$EPOCHREALTIME
  shift
  times >"$time_file"
  "$@" || status=$?
  times >>"$time_file"
  # Lines 2 and 4 hold user and system time of the finished child processes, as in 1m2.345s.
  time_report+=$(awk -v name="$name" -v start="$start" -v end="$EPOCHREALTIME" '
    function seconds(text, part) { split(text, part, /[ms]/); return 60 * part[1] + part[2] }
    { cpu[NR] = seconds($1) + seconds($2) }
    END { printf "%-14s %8.1f s, CPU %8.1f s", name, end - start, cpu[4] - cpu[2] }' "$time_file")$'\n'
  return "$status"
}

# slowest_tests <log of ctest> <number>: names and seconds.
slowest_tests() {
  say "slowest tests"
  awk '/^[0-9]+\/[0-9]+ Test: / { name = $3 } /^Test time = / { printf "%10.1f s  %s\n", $4, name }' "$1" | sort -k 1,1nr -k 3 | awk -v most="$2" 'NR <= most'
}

# yardstick: what times of this machine are to be compared by: g++ checks one well-known header, twice, of which the second counts.
yardstick() {
  local round
  command -v g++ >/dev/null || return 0
  for round in 1 2; do
    say "checking <nlohmann/json.hpp>, round $round: $( { TIMEFORMAT='%R s'; time g++ -std=c++20 -fsyntax-only -x c++ - <<<'#include <nlohmann/json.hpp>' 2>/dev/null; } 2>&1)"
  done
}

report_times() {
  say "time"
  printf '%s' "$time_report"
}
