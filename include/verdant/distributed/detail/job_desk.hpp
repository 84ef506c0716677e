#pragma once

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/evaluation_meter.hpp>
#include <verdant/distributed/detail/own_worker.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/served_jobs.hpp>

namespace verdant::detail {

/// Evaluates what a desk gives, until it gives nothing more.
/// @param meter of this process, or `no_meter`
/// @tparam Desk `next()`: a job with `bytes`, or nothing; `hand_in(job, bytes)`: whether the result counts; `name()`
template <evaluating_study Study, class Desk, class Meter>
served_jobs serve_at(Desk& desk, const Study& s, Meter& meter) {
    using space = typename Study::space_type;
    using goals = typename Study::goals_type;
    served_jobs all;
    evaluation_meter<Meter> metered{process_name(), meter};
    while (const auto leased = desk.next()) {
        const auto jobs = read_jobs<space>({leased->bytes.data(), leased->bytes.size()}, desk.name());
        metered.begin();
        const auto done = evaluate_jobs<space, goals>({jobs.data(), jobs.size()}, s.evaluators());
        if (desk.hand_in(*leased, write_completed<goals>({done.data(), done.size()}, metered.end()))) ++all.evaluated;
        else ++all.dropped;
    }
    return all;
}

/// What is not a search was told so.
template <class Study, class Desk, class Meter>
served_jobs serve_at(Desk&, const Study&, Meter&) {
    return {};
}

} // namespace verdant::detail
