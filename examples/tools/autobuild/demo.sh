# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='AutoBuild on networks measured on Fashion-MNIST: a predictor, the best modules, the reduced space, and its front beside that of the whole space (minutes)'
packages=("${packages_torch[@]}")
commands='all train label-units reduce search evaluate plot'
: "${command:=all}"
networks=examples/tools/autobuild/fashion_networks.csv
defaults=(--out results/autobuild)
case $command in
  all) defaults=(--data "$networks" --target 'acc*100 - 4*np.log10(macs)' --width 0.25 --resolution 32 --k 60 "${defaults[@]}") ;;
  train) defaults=(--data "$networks" --width 0.25 "${defaults[@]}") ;;
esac
