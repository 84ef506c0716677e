#include "fuzz.hpp"

#include <verdant/optimizer/random.hpp>
#include <verdant/report/study_from_json.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search.hpp>
#include <verdant/goal.hpp>
#include <verdant/study/study_result.hpp>

namespace {

namespace vd = verdant;

struct fuzzed_space : vd::space<vd::param<"width", vd::range<2, 8, 2>>, vd::param<"act", vd::choices<"relu", "it's, \"so\"">>, vd::param<"rate", vd::choices<0.1, 3.0>>,
                                vd::param<"on", vd::choices<false, true>>, vd::when<vd::var<"on"> == vd::val<true>, vd::param<"depth", vd::range<-2, 4>>>> {};
using fuzzed_study = vd::search<fuzzed_space, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency>, vd::random_search>;

} // namespace

VERDANT_FUZZ_TARGET(study_json) {
    const auto study = vd::study_from_json(fuzz::text(data), fuzz::source);
    const auto found = vd::study_result<fuzzed_study>(study, fuzz::source);
    fuzzed_study::options options;
    options.seed = study.description.seed;
    const auto again = vd::study_result<fuzzed_study>(vd::study_from_json(vd::study_json(found, options).dump(), fuzz::source), fuzz::source);
    fuzz::require(again.trials() == found.trials(), "a study is written as it was read");
}
