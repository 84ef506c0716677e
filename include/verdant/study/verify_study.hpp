#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/stored_constraint.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What is wrong with a kept study, as far as its texts and numbers say.
namespace verdant {

/// What a check of a study found.
struct study_check {
    std::vector<std::string> faults{}; ///< a sentence each: `trial 5: the point of trial 3`
    std::vector<std::string> remarks{}; ///< what is not a fault, or could not be checked
    std::size_t checked = 0; ///< trials
};

namespace detail {

template <class Deferred = instantiated_when_used>
class basic_study_verifier {
public:
    explicit basic_study_verifier(const stored_study& kept) : study_{kept} {
        const auto& d = study_.description;
        for (const auto& p : d.parameters) domains_.emplace_back(p);
        for (const auto& c : d.constraints) constraints_.emplace_back(d.parameters, c);
        for (const auto& p : d.parameters) conditions_.emplace_back(d.parameters, p.condition);
        unclear_.resize(d.constraints.size() + d.parameters.size());
    }

    [[nodiscard]] study_check check() {
        numbers();
        for (const auto& t : study_.trials) {
            ++out_.checked;
            point(t);
            metrics(t);
            times(t);
        }
        for (const auto& p : study_.pending)
            if (numbers_.count(p.number) != 0) fault("pending trial " + std::to_string(p.number), "it is also told");
        evaluations();
        for (std::size_t i = 0; i < unclear_.size(); ++i)
            if (unclear_[i]) {
                const auto n = study_.description.constraints.size();
                out_.remarks.push_back(
                    "not checked, since its text alone does not say: " +
                    (i < n ? "constraint " + study_.description.constraints[i]
                           : "where " + study_.description.parameters[i - n].name + " exists: " + study_.description.parameters[i - n].condition));
            }
        return std::move(out_);
    }

private:
    void fault(const std::string& where, const std::string& what) { out_.faults.push_back(where + ": " + what); }

    void numbers() {
        std::map<std::uint64_t, std::uint64_t> told;
        for (const auto& t : study_.trials) {
            if (!numbers_.emplace(t.number, 1).second) fault("trial " + std::to_string(t.number), "its number is there twice");
            if (t.told && !told.emplace(*t.told, t.number).second)
                fault("trial " + std::to_string(t.number),
                      "told as number " + std::to_string(*t.told) + ", as trial " + std::to_string(told[*t.told]));
        }
        std::uint64_t expected = 0, missing = 0, first = 0;
        std::map<std::uint64_t, int> all = numbers_;
        for (const auto& p : study_.pending) all.emplace(p.number, 2);
        for (const auto& [n, kind] : all) {
            if (n > expected) {
                if (missing == 0) first = expected;
                missing += n - expected;
            }
            expected = n + 1;
        }
        if (missing == 0) return;
        const auto text = std::to_string(missing) + (missing == 1 ? " number is" : " numbers are") + " missing below " + std::to_string(expected) +
                          ", the first is " + std::to_string(first);
        // Of the last question any trial may be missing: it was being evaluated when the search ended.
        const bool last_question = !study_.asks.empty() && first >= std::max(study_.asks.back().first_trial, study_.asks.back().first_number);
        if (last_question) out_.remarks.push_back("the last question is not answered whole: " + text);
        else fault("numbers of trials", text);
    }

    void point(const stored_trial& t) {
        const auto where = "trial " + std::to_string(t.number);
        const auto& d = study_.description;
        if (t.parameters.size() != d.parameters.size())
            return fault(where, std::to_string(t.parameters.size()) + " parameters, not " + std::to_string(d.parameters.size()));
        auto values = t.parameters;
        bool known = true;
        for (std::size_t p = 0; p < values.size(); ++p) {
            const bool absent = values[p].empty() && !d.parameters[p].condition.empty();
            if (absent && !domains_[p].values().empty()) values[p] = domains_[p].values().front();
            if (!absent && domains_[p].find(values[p]) == kept_domain::none) {
                fault(where + ", " + d.parameters[p].name, '\'' + values[p] + "' is no value of its domain");
                known = false;
            }
        }
        if (const auto [before, fresh] = points_.emplace(t.parameters, t.number); !fresh)
            fault(where, "the point of trial " + std::to_string(before->second));
        if (!known) return;
        for (std::size_t p = 0; p < values.size(); ++p) {
            if (d.parameters[p].condition.empty()) continue;
            const auto exists = conditions_[p](values);
            if (!exists) unclear_[d.constraints.size() + p] = true;
            else if (*exists == t.parameters[p].empty())
                fault(where + ", " + d.parameters[p].name,
                      *exists ? "it exists there, but has no value" : "it has a value, but does not exist there");
        }
        for (std::size_t c = 0; c < d.constraints.size(); ++c) {
            const auto holds = constraints_[c](values);
            if (!holds) unclear_[c] = true;
            else if (!*holds) fault(where, "it breaks " + d.constraints[c]);
        }
    }

    void metrics(const stored_trial& t) {
        const auto where = "trial " + std::to_string(t.number);
        const auto& names = study_.description.metrics;
        if (t.completed && t.metrics.size() != names.size())
            fault(where, std::to_string(t.metrics.size()) + " metrics, not " + std::to_string(names.size()));
        for (std::size_t m = 0; m < t.metrics.size() && m < names.size(); ++m)
            if (std::isnan(t.metrics[m])) fault(where + ", " + names[m], "no number");
    }

    void times(const stored_trial& t) {
        if (t.times.known() && t.times.ended < t.times.started) fault("trial " + std::to_string(t.number), "it ended before it began");
    }

    void evaluations() {
        for (std::size_t i = 0; i < study_.evaluations.size(); ++i) {
            const auto& e = study_.evaluations[i];
            const auto where = "evaluation " + std::to_string(i) + " of trial " + std::to_string(e.number);
            if (!(e.fidelity > 0 && e.fidelity <= 1)) fault(where, "a fidelity that is not above 0 and at most 1");
            if (!(e.cost >= 0)) fault(where, "a cost below 0");
        }
    }

    const stored_study& study_;
    study_check out_;
    std::vector<kept_domain> domains_;
    std::vector<basic_constraint_reader<Deferred>> constraints_, conditions_;
    std::vector<bool> unclear_;
    std::map<std::uint64_t, int> numbers_;
    std::map<std::vector<std::string>, std::uint64_t> points_;
};

} // namespace detail

/// Checks a study that was read: numbers without gaps, each once; points once, of values of their domains, within the constraints of the space and
/// with the parameters that exist there, as far as the texts of these say; metrics that are numbers; times in order. What tables and fingerprints say
/// is checked by who reads them.
template <class Deferred = instantiated_when_used>
[[nodiscard]] study_check verify_study(const stored_study& study) {
    return detail::basic_study_verifier<Deferred>{study}.check();
}
VERDANT_DEFINED_ONCE(study_check verify_study<>(const stored_study&));

} // namespace verdant
