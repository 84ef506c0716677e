#include "fuzz.hpp"
#include "kept_study.hpp"

#include <verdant/report/html_report.hpp>
#include <verdant/report/study_lines.hpp>

#include <cstddef>

VERDANT_FUZZ_TARGET(study_lines) {
    const auto ours = kept::description();
    const auto study = verdant::study_from_lines(fuzz::text(data), ours, fuzz::source);
    const auto again = verdant::study_from_lines(verdant::study_lines(study, fuzz::source), ours, fuzz::source);
    fuzz::require(again.trials.size() == study.trials.size(), "as many trials are written as were read");
    for (std::size_t i = 0; i < study.trials.size(); ++i) fuzz::require(again.trials[i].metrics == study.trials[i].metrics, "numbers come back");
    if (study.trials.size() <= 32) static_cast<void>(verdant::html_report(study, fuzz::source, {.importance = {.trees = 4}}));
}
