#pragma once

/// The room search/. The search type, sessions, questions, dispatchers, recorders, progress, results.

#include <verdant/search/asynchronous_run.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/executor_dispatcher.hpp>
#include <verdant/search/front_in_draws.hpp>
#include <verdant/search/generation_run.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/metered_run.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/observer_checks.hpp>
#include <verdant/search/option_flags.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/pool_dispatcher.hpp>
#include <verdant/search/progress.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/recorded_completions.hpp>
#include <verdant/search/refusals.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/run_metering.hpp>
#include <verdant/search/run_parts.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/search_run.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/stagnation.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/search/stop_conditions.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/storage_checks.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/search/study_recorder.hpp>
#include <verdant/search/time_limit.hpp>
#include <verdant/search/worker_shares.hpp>
