# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='a tiny CLIP is trained on 24 pictures with captions, which clip_benchmark makes first; run again, it goes on (seconds)'
packages=("${packages_torch[@]}" libopenmpi-dev openmpi-bin libgloo-dev)
targets=(clip_train clip_benchmark)
tiny=results/clip_train/tiny
defaults=(--config $tiny/model.json --train-data $tiny/data/colours_captions/test/0.tar --val-data $tiny/data/colours_captions/test/0.tar
  --vocabulary $tiny/vocabulary.txt --batch-size 8 --epochs 20 --lr 1e-3 --warmup 10 --save-most-recent --resume latest
  --logs results --name clip_train)
prepare() { [ -e $tiny/model.json ] || run "$programs/clip_benchmark" demo $tiny; }
