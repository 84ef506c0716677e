# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a tiny CLIP with random weights is judged on three tiny data sets that are made first (seconds)'
packages=("${packages_torch[@]}")
commands='eval build average demo'
: "${command:=eval}"
tiny=results/clip_benchmark
case $command in
  eval)
    defaults=(--dataset wds/colours wds/colours_multilabel wds/colours_captions --dataset_root "$tiny/data/{dataset}"
      --model $tiny/model.json --pretrained $tiny/weights.safetensors --vocabulary $tiny/vocabulary.txt
      --output "$tiny/{dataset}_{task}.json")
    prepare() { [ -e $tiny/model.json ] || run "$programs/clip_benchmark" demo $tiny; }
    ;;
esac
