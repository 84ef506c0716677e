# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='the way of Accel-NASBench on Fashion-MNIST: networks are trained and measured, surrogates fitted to them and searched in three ways, and what was found is measured (a quarter of an hour of two processors)'
packages=("${packages_torch[@]}" libsqlitecpp-dev libsqlite3-dev dataset-fashion-mnist)
commands='all collect asha records tune fit evaluate query search plot'
: "${command:=all}"
case $command in
  all | collect) defaults=(--out results/anb) ;;
  asha) defaults=(--networks 9 --images 2560 --test 500 --width 0.15 --least_side 16 --side 20 --peak_epoch 1 --latency_images 5 --seeds '1,2,3' --compare --out results/anb_asha) ;;
  records) defaults=(--data results/anb) ;;
  fit) defaults=(--data results/anb --target acc --out results/anb/surrogate_acc) ;;
  evaluate) defaults=(--data results/anb --model results/anb/surrogate_acc) ;;
  query) defaults=(--model results/anb/surrogate_acc results/anb/surrogate_latency_cpu --network EfficientNet-B0) ;;
  search) defaults=(--model results/anb/surrogate_acc --second results/anb/surrogate_latency_cpu --algorithm nsga2 --out results/anb/search) ;;
esac
