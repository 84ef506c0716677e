#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/job.hpp>
#include <verdant/study/kept_session.hpp>
#include <verdant/tabular/epoch_log.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Searches over tables and surrogates, epoch by epoch.
namespace verdant::tabular {

/// Runs a kept session until it has so many trials, or is exhausted, a question an epoch, and writes the log of it: what anb_eval's scripts are loops
/// of. All points of a question are measured at once. Where the study was begun before, the log has its earlier trials without baselines and losses,
/// which nobody kept, in the epochs that `earlier` says, and then in epochs of the size of a question; only what a stop in the middle of a question
/// left of it is of the epoch that goes on with it.
/// @param measure  `span<const point>` -> `vector<metrics<...>>` of the goals of the search, one a point, such as a benchmark of `tabular/`
/// @param trials   how many distinct points in all
/// @param batch    points of a question: the `batch` of the options of the session, or what its optimizer prefers
/// @param per_epoch called after each epoch with the session; `false` ends the search
/// @param earlier  how many trials the epochs of earlier runs had, since points that were known are no new trials
/// @throws input_error for a number of trials below 1, for measurements that are not one a point, and what the session throws
template <class Search, class Measure, class PerEpoch>
void run_epochs(kept_session<Search>& session, const Measure& measure, std::size_t trials, std::size_t batch,
                epoch_log<typename Search::session_type::space_type, typename Search::session_type::goals_type>& log, const PerEpoch& per_epoch,
                std::span<const std::size_t> earlier = {}) {
    using space = typename Search::session_type::space_type;
    require_count("run_epochs", "trials", trials, 1);
    require_count("run_epochs", "batch", batch, 1);
    std::size_t logged = 0;
    const auto log_up_to = [&](std::size_t end) {
        for (; logged < end; ++logged) log.add(session.trials()[logged]);
    };
    const bool question_is_open = !session.pending().empty();
    while (logged < session.trials().size()) {
        const auto end = logged + std::max<std::size_t>(1, log.epochs() < earlier.size() ? earlier[log.epochs()] : batch);
        if (question_is_open && end > session.trials().size()) break;
        log_up_to(std::min(end, session.trials().size()));
        log.end_epoch();
    }
    while (session.trials().size() < trials && !session.exhausted()) {
        const auto open = session.ask();
        if (open.empty()) break;
        std::vector<point<space>> points;
        for (const auto& one : open) points.push_back(one.point);
        const auto found = measure(std::span<const point<space>>{points});
        if (found.size() != points.size())
            throw input_error{"run_epochs", "measured points", std::to_string(points.size()) + ", as many as were asked",
                              std::to_string(found.size())};
        for (std::size_t i = 0; i < points.size(); ++i) session.tell(points[i], found[i]);
        log_up_to(session.trials().size());
        const auto& engine = session.session().engine();
        if constexpr (requires { engine.baseline(); }) log.end_epoch(engine.baseline(), engine.loss());
        else log.end_epoch();
        if (!per_epoch(session)) break;
    }
}

} // namespace verdant::tabular
