# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='the layers of MOOFA_V3 at 160 pixels are measured on this machine, and their sums compared with ten whole networks (a minute)'
packages=("${packages_torch[@]}")
defaults=(--model MOOFA_V3 --resolutions 160 --repetitions 20 --networks 10 --out results/latency)
