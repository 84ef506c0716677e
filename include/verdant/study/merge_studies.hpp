#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_difference.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Two studies as one.
namespace verdant {

/// Which of two trials of one point stays, where both are measured or both failed.
enum class kept_duplicate : std::uint8_t {
    first,  ///< that of the first study
    second, ///< that of the second one
    refuse  ///< neither, where they differ: that is an error
};

/// A study made of two.
struct merged_study {
    stored_study study{};
    std::size_t duplicates = 0; ///< points that both studies have
    std::size_t different = 0;  ///< of these, those of which different values were measured
};

namespace detail {

[[nodiscard]] inline bool same_outcome(const stored_trial& a, const stored_trial& b) { return a.completed == b.completed && a.metrics == b.metrics; }

/// What the description of a merged study says of whatever the two differ in.
[[nodiscard]] inline std::string merged_text(const std::string& a, const std::string& b) { return a == b ? a : "merged " + a + " and " + b; }

} // namespace detail

/// All trials of two studies of one space, with the same goals and metrics: those of the first, then those of the second whose points are new, with
/// new numbers. Of a point that both have, the measured trial stays before the failed one. Trials are in the order of the studies; evaluations at
/// lower fidelities go with their trials. Questions, states and pending trials are left out: the result is no search that goes on, and its optimizer
/// is called `merged`, so that a program that would go on with it is refused.
/// @param source what errors call the second study
/// @throws input_error that names all differences of space, goals and metrics; or, with `kept_duplicate::refuse`, the first point with different
/// values
template <class Deferred = instantiated_when_used>
[[nodiscard]] merged_study merge_studies(const stored_study& first, const stored_study& second, std::string_view source,
                                         kept_duplicate keep = kept_duplicate::first) {
    auto wanted = first.description;
    wanted.optimizer = second.description.optimizer;
    wanted.options = second.description.options;
    wanted.seed = second.description.seed;
    wanted.batch = second.description.batch;
    wanted.start_points = second.description.start_points;
    wanted.order = second.description.order; // of telling, which is nothing to a study that does not go on
    const auto differences = study_differences<Deferred>(second.description, wanted);
    if (!differences.empty()) {
        std::string text;
        constexpr std::string_view other = "the program"; // as differences call what a kept study is compared with
        for (auto d : differences) {
            for (auto at = d.find(other); at != std::string::npos; at = d.find(other, at)) d.replace(at, other.size(), "the first");
            text += (text.empty() ? "" : "; ") + d;
        }
        throw input_error{source, "", "the space, goals and metrics of the first study", text};
    }
    merged_study out;
    auto& d = out.study.description = first.description;
    d.optimizer = "merged: " + detail::merged_text(first.description.optimizer, second.description.optimizer);
    if (first.description.options != second.description.options) d.options.clear();
    d.start_points.clear();
    d.order = "generations";
    d.fidelity.clear();
    std::map<std::vector<std::string>, std::size_t> places;
    std::map<std::uint64_t, std::uint64_t> of_first, of_second; // new numbers
    const auto take = [&](const stored_trial& t, std::map<std::uint64_t, std::uint64_t>& numbers) {
        const auto [at, fresh] = places.emplace(t.parameters, out.study.trials.size());
        if (fresh) out.study.trials.push_back(t);
        if (fresh) numbers[t.number] = at->second;
        return std::pair{at->second, fresh};
    };
    for (const auto& t : first.trials) take(t, of_first);
    for (const auto& t : second.trials) {
        const auto [place, fresh] = take(t, of_second);
        if (fresh) continue;
        auto& kept = out.study.trials[place];
        ++out.duplicates;
        const bool differs = !detail::same_outcome(kept, t);
        out.different += differs ? 1 : 0;
        if (differs && keep == kept_duplicate::refuse)
            throw input_error{source, "trial " + std::to_string(t.number),
                              "what the first study has of its point (trial " + std::to_string(kept.number) + ")", "other values"};
        if (t.completed == kept.completed ? keep != kept_duplicate::second : kept.completed) continue;
        for (auto* numbers : {&of_first, &of_second}) // evaluations go with the trial that goes
            if (const auto was = numbers->find(kept.number); was != numbers->end() && was->second == place) numbers->erase(was);
        of_second[t.number] = place;
        kept = t;
    }
    for (std::size_t i = 0; i < out.study.trials.size(); ++i) {
        out.study.trials[i].number = i;
        out.study.trials[i].told.reset();
    }
    for (const auto* both : {&first, &second})
        for (auto e : both->evaluations) {
            const auto& numbers = both == &first ? of_first : of_second;
            const auto now = numbers.find(e.number);
            if (now == numbers.end()) continue;
            e.number = now->second;
            out.study.evaluations.push_back(std::move(e));
        }
    return out;
}
VERDANT_DEFINED_ONCE(merged_study merge_studies<>(const stored_study&, const stored_study&, std::string_view, kept_duplicate));

} // namespace verdant
