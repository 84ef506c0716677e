# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a small CLIP on Fashion-MNIST is trained, pruned, fine-tuned, and searched with its accelerator: accuracy against total carbon, for a camera that sees 30 pictures a second for three years on the average electricity of the world (ten minutes)'
packages=("${packages_torch[@]}" libeigen3-dev libsqlitecpp-dev libsqlite3-dev dataset-fashion-mnist)
defaults=(--metric carbon --trials 40 --accuracy-threshold 0.85 --inferences 2.8e9 --use-intensity world --out results/carbon_clip)
