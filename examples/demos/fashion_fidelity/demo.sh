# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='ASHA on trainings of small networks on Fashion-MNIST, beside random search over whole trainings (some minutes of one core)'
packages=("${packages_torch[@]}" dataset-fashion-mnist)
defaults=(--images 500 --test 1000 --budget 2 --whole 6 --out results/fashion_fidelity)
