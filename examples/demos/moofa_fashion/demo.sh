# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a narrow Once-for-all and a narrow memory-optimised supernet on Fashion-MNIST, side by side within limits of memory (half an hour of one core)'
packages=("${packages_torch[@]}" dataset-fashion-mnist)
defaults=(--out results/moofa_fashion)
