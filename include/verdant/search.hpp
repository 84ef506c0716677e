#pragma once

// Running a search: the study type, sessions, executors, results, reports.

#include <verdant/search/evaluation.hpp>
#include <verdant/search/executor.hpp>
#include <verdant/search/front_plot.hpp>
#include <verdant/search/memory_storage.hpp>
#include <verdant/search/plot_axis.hpp>
#include <verdant/search/progress.hpp>
#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/study_description.hpp>
#include <verdant/search/study_difference.hpp>
#include <verdant/search/study_keeper.hpp>
#include <verdant/search/thread_pool.hpp>
