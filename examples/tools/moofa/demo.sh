# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a memory-optimised supernet from one configuration file on Fashion-MNIST: train (a quarter of an hour); after it eval, collect, fit-predictor, search'
packages=("${packages_torch[@]}" libyaml-cpp-dev libopenmpi-dev openmpi-bin dataset-fashion-mnist)
commands='train eval collect fit-predictor search'
: "${command:=train}"
defaults=(--config examples/tools/moofa/demo.yaml)
case $command in
  eval) defaults+=(--model supernet --images 2000 --calibration 500) ;;
  collect) defaults+=(--images 1000 --calibration 500) ;;
  search) defaults+=(--images 2000 --calibration 500) ;;
esac
