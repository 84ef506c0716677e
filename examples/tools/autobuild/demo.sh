# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='AutoBuild on networks with measured accuracies: predictors, the best modules, reduced spaces, and their front beside that of the whole space (ten minutes, most of them for measuring 400 networks on Fashion-MNIST, unless --data gives a table)'
packages=("${packages_torch[@]}")
commands='all train label-units reduce search evaluate plot'
: "${command:=all}"
# Networks that were measured for MOOFA, of the project's reference data, which are no part of a checkout. Where they are not there, fashion_networks measures
# others, once.
networks=../shared/data/autobuild/mit_ofa_dev.csv
measured=results/fashion_networks.csv
[ -e "$networks" ] || networks=$measured
measures=no
adapt() {
  if [ "$networks" = $measured ] && [[ " ${arguments[*]} " == *" --data $measured "* && " $* " != *' --data'[\ =]* ]]; then
    measures=yes
    packages+=(dataset-fashion-mnist)
    targets+=(fashion_networks)
  fi
}
prepare() {
  case " ${arguments[*]} " in *" --data $networks "*) say "networks with measured accuracies: $networks" ;; esac
  [ $measures = no ] || run "$programs/fashion_networks" --out $measured
}
defaults=(--out results/autobuild)
if [ "$networks" = $measured ]; then
  case $command in
    all) defaults=(--data $measured --target 'acc*100-macs/1e5' 'acc*100-macs/2e5' 'acc*100-macs/4e5' 'acc*100-macs/5e6' --width 0.25 --resolution 24 --epochs_predictor 60 "${defaults[@]}") ;;
    train) defaults=(--data $measured --width 0.25 "${defaults[@]}") ;;
  esac
else
  case $command in
    all) defaults=(--data "$networks" --target 'acc*100-macs/2e7' 'acc*100-macs/3e7' 'acc*100-macs/5e7' 'acc*100-macs/1e9' --width 1 --resolution 192 --epochs_predictor 60 "${defaults[@]}") ;;
    train) defaults=(--data "$networks" --width 1 "${defaults[@]}") ;;
  esac
fi
