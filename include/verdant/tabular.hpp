#pragma once

/// The room tabular/. Records of measured networks, what surrogates are fitted to, and benchmarks that answer from either.

#include <verdant/tabular/ablation.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/epoch_log.hpp>
#include <verdant/tabular/epoch_search.hpp>
#include <verdant/tabular/exact_table.hpp>
#include <verdant/tabular/exact_table_csv.hpp>
#include <verdant/tabular/learning_curve.hpp>
#include <verdant/tabular/metric_source.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/tabular/preferred_labels.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/tabular/record_splits.hpp>
#include <verdant/tabular/record_table.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_rows.hpp>
#include <verdant/tabular/tuning_spaces.hpp>
#include <verdant/tabular/validation_error.hpp>
