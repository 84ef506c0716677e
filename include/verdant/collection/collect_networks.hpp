#pragma once

#include <verdant/collection/work_folder.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

/// Collects measured architectures in a folder that several processes share.
namespace verdant::collection {

/// Whether a process waits for what others have in the making, which it takes over where one of them dies.
enum class after_the_last : unsigned char { wait_for_others, leave };

/// What is collected. All processes of a folder have the same, but for `networks`, which may grow.
struct collect_options {
    std::size_t networks = 100;                                  ///< results of all processes together
    std::uint64_t seed = 0;                                      ///< of the draws
    after_the_last at_end = after_the_last::wait_for_others;     ///< of this process

    using described =
        members<member<"networks", &collect_options::networks>, member<"seed", &collect_options::seed>, member<"at_end", &collect_options::at_end>>;
};

/// Points of a space, drawn uniformly and without repetition: the i-th follows from the seed alone.
template <search_space S>
class distinct_draws {
public:
    explicit distinct_draws(std::uint64_t seed) : stream_{seed} {}

    /// @throws input_error where the space does not seem to have so many
    [[nodiscard]] const point<S>& operator[](std::size_t i) {
        constexpr std::size_t patience = 100'000;
        for (std::size_t in_vain = 0; points_.size() <= i;) {
            auto p = sample<S>(stream_);
            if (met_.insert(p).second) {
                points_.push_back(std::move(p));
                in_vain = 0;
            } else if (++in_vain == patience)
                throw input_error{"collection", "networks", "at most as many as the space has, which seems to be " + std::to_string(points_.size()),
                                  std::to_string(i + 1)};
        }
        return points_[i];
    }

private:
    random_stream stream_;
    std::set<point<S>> met_;
    std::vector<point<S>> points_;
};

/// Why an architecture has no result: it does not fit into memory, for example. Another one is drawn in its place.
struct left_out {
    std::string reason;
};

/// What becomes of an architecture: the text of its result, or none.
using collected = std::variant<std::string, left_out>;

/// What has become of a collection so far.
struct collection_progress {
    std::size_t finished = 0; ///< results in the folder, by whichever process
    std::size_t here = 0;     ///< of these, by this process in this call
    std::size_t left_out = 0; ///< architectures
    std::size_t taken = 0;    ///< in the making by other processes
};

namespace detail {

/// What the folder holds of the first ids, as many as it takes for `networks` results.
struct folder_survey {
    std::size_t ids = 0;
    collection::collection_progress progress;
    std::vector<std::size_t> open; ///< ids without a result
};

template <class = instantiated_when_used>
[[nodiscard]] folder_survey survey(collection::work_folder& folder, std::size_t networks) {
    folder_survey out;
    for (std::size_t kept = 0; kept < networks; ++out.ids) {
        if (folder.left_out(out.ids)) {
            ++out.progress.left_out;
            continue;
        }
        ++kept;
        if (folder.finished(out.ids)) ++out.progress.finished;
        else out.open.push_back(out.ids);
    }
    return out;
}
VERDANT_DEFINED_ONCE(folder_survey survey<>(collection::work_folder&, std::size_t));

} // namespace detail

/// Collects `options.networks` results: each architecture that no process has in hand is claimed, measured, and its result is kept. Finished results
/// are never made again, so a collection that was interrupted, be it by `kill -9`, goes on as it would have; at most what was in the making is lost.
/// Which architecture an id has depends on the seed alone.
/// @param settings what besides seed and space all processes must agree on: data, recipe, device
/// @param measure  (std::size_t id, const point<S>&) -> collected; what it throws ends the call and leaves the architecture to others
/// @param report   called as `report(collection_progress)` after each architecture, where there is none left to do, and while it waits for others;
///                 false ends the collection, which another call continues
/// @throws file_error; input_error for options out of range, and for a folder that was begun with another seed or other settings
template <search_space S, std::invocable<std::size_t, const point<S>&> Measure, std::predicate<const collection_progress&> Report>
collection_progress collect_networks(const std::string& path, Measure&& measure, const collect_options& options, work_settings settings,
                                     Report&& report) {
    require_count("collection", "networks", options.networks, 1);
    settings.insert(settings.begin(), {{"space", std::string{type_name<S>()}}, {"draws", std::to_string(options.seed)}});
    work_folder folder{path, settings};
    distinct_draws<S> draws{options.seed};
    std::size_t here = 0;
    for (;;) {
        auto seen = verdant::collection::detail::survey(folder, options.networks);
        seen.progress.here = here;
        bool worked = false, goes_on = true;
        for (const auto id : seen.open) {
            const auto claim = folder.claim(id);
            if (!claim) continue;
            worked = true;
            const collected outcome = std::invoke(measure, id, std::as_const(draws[id]));
            if (const auto* const text = std::get_if<std::string>(&outcome)) {
                folder.finish(*claim, *text);
                ++here;
            } else folder.leave_out(*claim, std::get<left_out>(outcome).reason);
            break; // what others have done meanwhile is looked at before the next one
        }
        seen = verdant::collection::detail::survey(folder, options.networks);
        seen.progress.here = here;
        if (!worked) seen.progress.taken = seen.open.size();
        goes_on = std::invoke(report, std::as_const(seen.progress));
        if (seen.open.empty() || !goes_on || (!worked && options.at_end == after_the_last::leave)) return seen.progress;
        if (!worked) ::usleep(100'000);
    }
}

} // namespace verdant::collection
