#pragma once

/// The room report/. Tables, JSON and pictures of results.

#include <verdant/report/band_plot.hpp>
#include <verdant/report/bands.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/consumption_text.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/history_options.hpp>
#include <verdant/report/history_plot.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/report/hypervolume_plot.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/pair_plot.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/scatter_plot.hpp>
#include <verdant/report/trial_text.hpp>
