# Sourced by the other scripts: the Debian packages that each needs, how they are installed, and how times are reported.
# shellcheck shell=bash

packages_build=(g++ cmake ninja-build libboost-dev)
packages_demo=("${packages_build[@]}" nlohmann-json3-dev libcli11-dev)
packages_test=("${packages_demo[@]}" catch2 librange-v3-dev libxtensor-dev libeigen3-dev clang-19)
packages_bench=("${packages_build[@]}" nlohmann-json3-dev libxtensor-dev libeigen3-dev libbenchmark-dev libpagmo-dev libtbb-dev clang-19)
packages_format=(clang-format-19)
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
timed() {
  local name=$1 status=0 start before after
  shift
  start=$EPOCHREALTIME
  before=$(children_cpu)
  "$@" || status=$?
  after=$(children_cpu)
  time_report+=$(awk -v n="$name" -v a="$start" -v b="$EPOCHREALTIME" -v c="$before" -v d="$after" \
    'BEGIN { printf "%-12s %8.1f s %8.1f s CPU", n, b - a, d - c }')$'\n'
  return "$status"
}

# User and system seconds of all finished child processes.
children_cpu() {
  times >"$time_file"
  awk 'NR == 2 { for (i = 1; i <= 2; ++i) { split($i, t, /[ms]/); s += 60 * t[1] + t[2] } print s }' "$time_file"
}
time_file=$(mktemp)
trap 'rm -f "$time_file"' EXIT

report_times() {
  say "time"
  printf '%s' "$time_report"
}
