# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
packages=(libsqlitecpp-dev libsqlite3-dev)
about='a study of 2000 accelerators for a small CLIP is searched and shown as a page of HTML (a minute, no LibTorch)'
targets=(report clip_accelerator)
defaults=(results/report/search/study.json --out results/report/report.html --title 'Accelerators for TinyCLIP')
prepare() {
  run "$programs/clip_accelerator" --model TinyCLIP-ViT-8M-16-Text-3M-YFCC15M --optimizer random --trials 2000 --seed 1 --threads 0 --out results/report/search
}
