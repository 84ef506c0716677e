# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
packages=(libsqlitecpp-dev libsqlite3-dev)
about='a study of 500 accelerators is searched, and what it is is shown; `scripts/demo study verify FILE` and others run the other commands'
targets=(study clip_accelerator)
commands='list show export import merge verify'
prepare() { :; }
if [ -z "$command" ] || [ "$command" = show ]; then
  command=show
  defaults=(results/study/study.json)
  prepare() {
    [ -e results/study/study.json ] ||
      run "$programs/clip_accelerator" --model TinyCLIP-ViT-8M-16-Text-3M-YFCC15M --optimizer random --trials 500 --seed 1 --out results/study
  }
fi
