# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='an accelerator for CLIP ViT-B/16 is searched: latency against total carbon (a minute, no LibTorch)'
defaults=(--model ViT-B-16 --out results/clip_accelerator)
