# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='AutoBuild on networks with measured accuracies: predictors, the best modules, reduced spaces, and their front beside that of the whole space (ten minutes, most of them for measuring 400 networks on Fashion-MNIST, unless --data gives a table)'
packages=("${packages_torch[@]}")
commands='all train label-units reduce search evaluate plot'
: "${command:=all}"
# Networks that were measured for MOOFA, of the project's reference data, which are no part of a checkout. Where neither they nor a table by --data are there,
# fashion_networks measures others, once.
networks=../shared/data/autobuild/mit_ofa_dev.csv
measured=results/fashion_networks.csv
own= last= size=published measures=no
for word in "${given[@]}"; do
  case $word in
    --data=*) own=${word#*=} ;;
    *) [ "$last" != --data ] || own=$word ;;
  esac
  last=$word
done
if [ "$own" = $measured ] || { [ -z "$own" ] && [ ! -e "$networks" ]; }; then
  networks=$measured size=small
fi
case $command in
  all | train)
    if [ -z "$own" ] && [ $size = small ]; then
      measures=yes
      packages+=(dataset-fashion-mnist)
      targets+=(fashion_networks)
    fi
    ;;
esac
prepare() {
  if [[ " ${arguments[*]} " == *" --data $networks "* ]]; then say "networks with measured accuracies: $networks"; fi
  if [ $measures = yes ]; then run "$programs/fashion_networks" --out $measured; fi
}
defaults=(--out results/autobuild)
case $size.$command in
  published.all) defaults=(--data "$networks" --target 'acc*100-macs/2e7' 'acc*100-macs/3e7' 'acc*100-macs/5e7' 'acc*100-macs/1e9' --width 1 --resolution 192 --epochs_predictor 60 "${defaults[@]}") ;;
  published.train) defaults=(--data "$networks" --width 1 "${defaults[@]}") ;;
  small.all) defaults=(--data $measured --target 'acc*100-macs/1e5' 'acc*100-macs/2e5' 'acc*100-macs/4e5' 'acc*100-macs/5e6' --width 0.25 --resolution 24 --epochs_predictor 60 --batch_size 16 --split 0.75 "${defaults[@]}") ;;
  small.train) defaults=(--data $measured --width 0.25 --epochs_predictor 60 --batch_size 16 --split 0.75 "${defaults[@]}") ;;
  small.label-units | small.reduce) defaults=(--resolution 24 "${defaults[@]}") ;;
esac
