# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a supernet of OFA-MobileNetV3, a quarter as wide, on Fashion-MNIST, and a table of measured sub-networks for autobuild (minutes)'
packages=("${packages_torch[@]}" dataset-fashion-mnist)
defaults=(--out results/fashion_networks.csv)
