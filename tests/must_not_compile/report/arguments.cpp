// expect: verdant: print_table takes the stream first
// and: verdant: print_table takes a report
// and: verdant: a baseline takes its name first
// and: verdant: what stands in baseline_of<...> are no goals
// and: verdant: parameter_importance takes no such arguments
// and: verdant: columns_of_study takes a kept study
// and: verdant: history_svg is told its objective by the type of the metric
// and: verdant: front_svg takes no such arguments
// and: verdant: scatter_svg takes no such arguments
// and: verdant: overlap_svg takes no such arguments
#include <verdant/goal.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/history_plot.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/scatter_plot.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/space.hpp>
#include <verdant/study/study_columns.hpp>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
struct study {
    using goals_type = vd::goals<vd::minimize<vd::latency>, vd::maximize<vd::accuracy>>;
};
using result = vd::search_result<net, study::goals_type>;
using named_results = std::vector<std::pair<std::string, result>>;

#if defined(VERDANT_GOOD)
void table(std::ostringstream& out, const vd::report& r) {
    vd::print_table(out, r);
    vd::print_table(out, r, 10);
}
vd::baseline known(const vd::metrics<vd::latency>& m) { return vd::baseline_of("known", m); }
vd::baseline measured(const vd::metrics<vd::latency>& m) { return vd::baseline_of<study::goals_type>("known", m, m); }
double importance(const vd::study_columns& c) { return vd::parameter_importance(c, 0).r2; }
std::size_t columns(const vd::stored_study& s) { return vd::columns_of_study(s, "study").trials(); }
std::string history(const result& found) { return vd::history_svg<vd::latency>(found, "networks"); }
std::string front(const result& found) { return vd::front_svg(found, "networks"); }
std::string scatter(const result& found) { return vd::scatter_svg<vd::latency, vd::accuracy, vd::latency>(found, "networks", {.x = {0, 1}}); }
std::string overlap(const named_results& all) { return vd::overlap_svg(all, "networks", {.baselines = {}}); }
#else
void table(std::ostringstream& out, const vd::report& r) {
    vd::print_table(r, out);
    vd::print_table(out, 10, r);
}
vd::baseline known(const vd::metrics<vd::latency>& m) { return vd::baseline_of(m, "known"); }
vd::baseline measured(const vd::metrics<vd::latency>& m) { return vd::baseline_of<study>("known", m, m); }
double importance(const vd::study_columns& c) { return vd::parameter_importance(c, "latency").r2; }
std::size_t columns(const result& s) { return vd::columns_of_study(s, "study").trials(); }
std::string history(const result& found) { return vd::history_svg<"latency">(found, "networks"); }
std::string front(const result& found) { return vd::front_svg(found); }
std::string scatter(const result& found) { return vd::scatter_svg<"latency", "accuracy">(found, "networks"); }
std::string overlap(const named_results& all) { return vd::overlap_svg(all, "networks", {.baseline = {}}); }
#endif
