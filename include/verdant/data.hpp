#pragma once

/// The room data/. Data sets: images/, captions/ and shards of them, benchmark/ for zero-shot suites, sampling/ orders of epochs, series/ of numbers.

#include <verdant/data/benchmark/benchmark_datasets.hpp>
#include <verdant/data/benchmark/benchmark_result.hpp>
#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/data/benchmark/class_prompts.hpp>
#include <verdant/data/benchmark/evaluation_sample.hpp>
#include <verdant/data/captions/caption_table.hpp>
#include <verdant/data/captions/shard_paths.hpp>
#include <verdant/data/images/cifar10.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/data/sampling/damaged_samples.hpp>
#include <verdant/data/sampling/elastic_resolution.hpp>
#include <verdant/data/sampling/progressive_resolution.hpp>
#include <verdant/data/sampling/sampler.hpp>
#include <verdant/data/sampling/shard_sampler.hpp>
#include <verdant/data/series/ecg_windows.hpp>
#include <verdant/data/series/labelled_series.hpp>
#include <verdant/data/series/series_arrays.hpp>
