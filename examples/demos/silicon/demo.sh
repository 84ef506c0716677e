# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a network, and the chiplets, process, memory hierarchy and package that run it, searched together: accuracy, latency, 95th percentile of carbon; beside it one half alone (some minutes, no LibTorch, no data)'
packages=(libsqlitecpp-dev libsqlite3-dev)
defaults=(--out results/silicon)
