# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='AutoBuild on 2218 networks with measured accuracies (another table: --data): predictors, the best modules, reduced spaces, and their front beside that of the whole space (minutes)'
packages=("${packages_torch[@]}")
commands='all train label-units reduce search evaluate plot'
: "${command:=all}"
# The networks that were measured for MOOFA, of the project's reference data; they are no part of a checkout.
networks=../shared/data/autobuild/mit_ofa_dev.csv
prepare() {
  [ "$dry" = yes ] || [ -e "$networks" ] || [[ " ${arguments[*]} " != *" $networks "* ]] ||
    die "there is no $networks; give a table of yours (docs/autobuild_tool.md) by --data FILE, such as one that scripts/demo fashion_networks measures"
}
defaults=(--out results/autobuild)
case $command in
  all) defaults=(--data "$networks" --target 'acc*100-macs/2e7' 'acc*100-macs/3e7' 'acc*100-macs/5e7' 'acc*100-macs/1e9' --width 1 --resolution 192 --epochs_predictor 60 "${defaults[@]}") ;;
  train) defaults=(--data "$networks" --width 1 "${defaults[@]}") ;;
esac
