#pragma once

#include <string>

/// All keys that the published files have, with other values than the defaults where those are free.
inline const std::string whole_config = R"(args:
  path: "models/a/"
  teacher_path: "models/a/teacher/"
  checkpoint: "models/a/checkpoint/checkpoint-expand_2.pth.tar"
  model: "MOOFA_V3"
  dataset: "imagenet"
  base_batch_size: 32
  base_stage_width: "proxyless"
  bn_eps: 1.0e-4
  bn_momentum: 0.2
  continuous_size: true
  distort_color: "torch"
  dropout: 0.3
  dy_conv_scaling_mode: 1
  fp16_allreduce: false
  independent_distributed_sampling: false
  kd_ratio: 0.5
  kd_type: "mse"
  label_smoothing: 0.2
  lr_schedule_type: "cosine"
  manual_seed: 7
  model_init: "he_fin"
  momentum: 0.8
  n_worker: 3
  no_decay_keys: "bn#bias"
  no_nesterov: true
  not_sync_distributed_image_size: false
  opt_type: "sgd"
  print_frequency: 5
  resize_scale: 0.1
  valid_size: 50
  validation_frequency: 2
  weight_decay: 1.0e-4
tasks: ["kernel", "depth", "expand"]
tasks_phases:
  kernel: 1
  depth: 2
  expand: 2
args_per_task:
  teacher:
    n_epochs: 180
    base_lr: 3.0e-2
    warmup_epochs: 0
    warmup_lr: 3.0e-3
    dynamic_batch_size: 1
  kernel: {n_epochs: 120, base_lr: 3.0e-3, warmup_epochs: 5, warmup_lr: -1}
  depth_1: {n_epochs: 25, base_lr: 2.5e-4, dynamic_batch_size: 2}
  depth: {n_epochs: 120, base_lr: 7.5e-4, warmup_epochs: 5, warmup_lr: 7.5e-5, dynamic_batch_size: 2}
  expand: {n_epochs: 25, base_lr: 2.5e-4, dynamic_batch_size: 4}
subnet_config:
  random_sample: true
  ks: [7, 5, 3]
  e: [1, 1.5, 2]
  d: 4
  image_size: 160
  res_dir: "results/a/"
  name: "one"
  draw_graphs: false
search_config:
  N_constraint: 3
  max_constraint: 300000
  min_constraint: 800000
  res_dir: "searches/a/"
  acc_dataset_path: "a/dataset.pkl"
  acc_predictor_checkpoint: "a/predictor.pth.tar"
collect_config: {min_constraint: 1000, max_constraint: 9000, ranges: 4, samples: 40, attempts: 500, patience: 20, save_every: 5}
wandb:
  use_wandb: true
  project_name: "a"
)";
