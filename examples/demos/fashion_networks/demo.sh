# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a supernet of OFA-MobileNetV3, a quarter as wide, on Fashion-MNIST, and a table of measured sub-networks for autobuild (half an hour of one core)'
packages=("${packages_torch[@]}" dataset-fashion-mnist)
defaults=(--images 6000 --test 2000 --networks 500 --out results/fashion_networks.csv)
