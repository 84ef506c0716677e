#include "fuzz.hpp"
#include "kept_study.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/study/study_csv.hpp>
#include <verdant/study/verify_study.hpp>

VERDANT_FUZZ_TARGET(study_csv) {
    const auto ours = kept::description();
    const auto study = verdant::study_from_csv(verdant::io::parse_csv(fuzz::text(data), fuzz::source), ours, fuzz::source);
    static_cast<void>(verdant::verify_study(study));
    const auto again = verdant::study_from_csv(verdant::io::parse_csv(verdant::io::csv_text(verdant::study_csv(study, fuzz::source)), fuzz::source),
                                               ours, fuzz::source);
    fuzz::require(again.trials.size() == study.trials.size(), "as many trials are written as were read");
}
