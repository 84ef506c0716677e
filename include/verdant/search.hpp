#pragma once

// Running a search: the study type, sessions, executors, results, reports. Storages (memory_storage.hpp, sqlite_storage.hpp) are included by
// themselves.

#include <verdant/search/agreement_plot.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/executor.hpp>
#include <verdant/search/front_plot.hpp>
#include <verdant/search/no_keeper.hpp>
#include <verdant/search/overlap_plot.hpp>
#include <verdant/search/plot_axis.hpp>
#include <verdant/search/progress.hpp>
#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/scatter_plot.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/thread_pool.hpp>
