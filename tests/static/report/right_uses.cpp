// alone: it declares types of its own that would be read by others
#include <verdant/carbon/best_start.hpp>
#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/goal.hpp>
#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/uncertain_metrics.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/history_plot.hpp>
#include <verdant/report/hypervolume_plot.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/scatter_plot.hpp>
#include <verdant/search.hpp>
#include <verdant/search/stagnation.hpp>
#include <verdant/space.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/uncertainty.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Right programs beside what is refused: types that become the expected one or derive from it, pointers to functions, concepts that say no.
namespace right_uses {

namespace vd = verdant;
namespace vc = verdant::carbon;
namespace un = verdant::uncertainty;
namespace vh = verdant::hardware;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::choices<64, 128>>> {};
using study = vd::search<net, vd::minimize<vd::latency, vd::threshold<50>>, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::nsga2<>>;
using result = study::result_type;

/// What becomes a `To`.
template <class To>
struct becomes {
    To held{};
    operator const To&() const { return held; } // NOLINT(google-explicit-constructor)
};
template <class From>
struct derived : From {};

// Tables and baselines.
void tables(std::ostringstream& out, const vd::report& r, const derived<vd::report>& d, const becomes<vd::report>& b) {
    vd::print_table(out, r);
    vd::print_table(out, r, 10);
    vd::print_table(out, d);
    vd::print_table(out, b, 10);
    void (*print)(std::ostringstream&, const vd::report&, std::size_t) = &vd::print_table<std::ostringstream>;
    print(out, r, 3);
}
struct called {
    operator std::string() const { return "unpruned"; } // NOLINT(google-explicit-constructor)
};
vd::baseline baselines(const vd::metrics<vd::latency>& costs, const vd::metrics<vd::accuracy>& quality, const study::trial_type& t) {
    auto made = vd::baseline_of("unpruned", costs);
    made = vd::baseline_of(called{}, costs);
    made = vd::baseline_of<study::goals_type>("unpruned", costs, quality);
    made = vd::baseline_of<study::goals_type>(called{}, costs);
    made = vd::baseline_of<vd::latency>("unpruned", costs);
    return vd::baseline_of("first", t);
}

// Pictures and columns.
std::string pictures(const result& found, const derived<result>& of_own, const std::vector<std::pair<std::string, result>>& runs) {
    const vd::history_options how{.x = {0, 100}};
    return vd::front_svg(found, "networks", {.x = {0, 2}, .baselines = {{"known", {{"latency", 1.0}}}}}) +
           vd::front_svg(of_own, std::string{"networks"}, {}) + vd::history_svg<vd::latency>(found, "networks", how) +
           vd::history_svg<vd::latency>(runs, "networks", {.band = vd::history_band::none}) +
           vd::hypervolume_svg(of_own, "networks", {.y = {.high = 3}}) + vd::overlap_svg(runs, "networks", {}) +
           vd::scatter_svg<vd::latency, vd::accuracy, vd::latency>(of_own, "networks", {.colour = {0, 50}});
}
struct place_in_table {
    operator std::size_t() const { return 0; } // NOLINT(google-explicit-constructor)
};
/// What becomes a `To` when it is asked for, and not before.
template <class To>
struct asked {
    To held{};
    operator To&() { return held; } // NOLINT(google-explicit-constructor)
};
void lazily(std::ostringstream& out, asked<vd::report>& table, asked<std::string>& name, const vd::metrics<vd::latency>& measured) {
    vd::print_table(out, table);
    static_cast<void>(vd::baseline_of(name, measured));
}
/// What becomes a study when it is asked for, and not before.
struct asked_study {
    vd::stored_study held{};
    operator const vd::stored_study&() { return held; } // NOLINT(google-explicit-constructor)
};
vd::study_columns lazily(asked_study& kept, const vd::study_description& described) {
    const std::function<vd::study_columns(const vd::stored_study&, std::string_view)> of = vd::columns_of_study<>;
    static_cast<void>(of);
    static_cast<void>(vd::columns_of_study({described}, "braces"));
    return vd::columns_of_study(kept, "asked for");
}
double columns(const vd::stored_study& kept, const derived<vd::stored_study>& of_own, const becomes<vd::stored_study>& other,
               const std::string& name) {
    const auto table = vd::columns_of_study(kept, "study");
    static_cast<void>(vd::columns_of_study(of_own, name));
    static_cast<void>(vd::columns_of_study(other, name));
    const vd::importance_options how{.trees = 8};
    double sum = vd::parameter_importance(table, 0).r2 + vd::parameter_importance(table, 0U, {}).r2 + vd::parameter_importance(table, 0, how).r2;
    sum += vd::parameter_importance(table, place_in_table{}, {.trees = 8, .seed = 2}).r2;
    sum += vd::parameter_importance(derived<vd::study_columns>{}, 0, {.trees = 8}).r2;
    sum += vd::parameter_importance(becomes<vd::study_columns>{}, 0, {.trees = 8}).r2;
    vd::study_columns (*of_study)(const vd::stored_study&, std::string_view) = &vd::columns_of_study;
    return sum + static_cast<double>(of_study(kept, "study").trials());
}

// Points are made and asked as before; concepts still say no.
constexpr vd::point<net> at() {
    vd::point<net> p{};
    p[0] = 3;
    const std::uint8_t one = 1;
    p[one] = static_cast<vd::point<net>::index_type>(p[0U] - 2);
    return p;
}
static_assert(at()[0] == 3 && at()[1] == 1);
template <class T>
concept has_points = requires { typename vd::point<T>; };
static_assert(has_points<net> && !has_points<int> && std::is_trivially_copyable_v<vd::point<net>>);
static_assert(!std::is_constructible_v<vd::point<net>, int> && !std::is_convertible_v<int, vd::point<net>> &&
              !std::is_constructible_v<vd::point<net>, std::string>);
static_assert(!std::constructible_from<vd::point<net>, const char*>);

// Metrics and goals.
struct unnamed_unit : vd::metric<""> {};
struct single : vd::metric<"m"> {};
static_assert(unnamed_unit::name().empty() && single::name() == "m");
static_assert(vd::goal_like<vd::minimize<single>> && vd::quantile<single, 0.5>::level == 0.5 && vd::quantile<single, 1>::level == 1.0);
template <class T>
concept is_drawable = requires { typename vd::drawn<T>; };
static_assert(is_drawable<single> && !is_drawable<int> && !is_drawable<net> && !is_drawable<std::string>);

// Distributions.
using seconds = vd::si::time;
constexpr auto second = 1.0 * vd::seconds{};
static_assert(std::same_as<decltype(un::normal{second, second}), un::normal<seconds>> &&
              std::same_as<decltype(un::normal{1.0, 0.1}), un::normal<double>>);
static_assert(std::same_as<decltype(un::uniform{second, second}), un::uniform<seconds>>);
static_assert(std::same_as<decltype(un::uniform{std::declval<un::interval<seconds>>()}), un::uniform<seconds>>);
static_assert(std::same_as<decltype(un::uniform{std::declval<derived<un::interval<seconds>>>()}), un::uniform<seconds>>);
static_assert(std::same_as<decltype(un::normal{std::declval<un::normal<seconds>>()}), un::normal<seconds>>);
static_assert(std::same_as<decltype(un::lognormal{second, 0.2}), un::lognormal<seconds>>);
static_assert(std::same_as<decltype(un::lognormal{second, 1}), un::lognormal<seconds>>);
static_assert(std::same_as<decltype(un::lognormal{second, 0.2F}), un::lognormal<seconds>>);
static_assert(std::same_as<decltype(un::lognormal{second, becomes<double>{}}), un::lognormal<seconds>>);
static_assert(std::same_as<decltype(un::exactly{second}), un::exactly<seconds>> && std::same_as<decltype(un::exactly{2.0}), un::exactly<double>>);
static_assert(std::same_as<decltype(un::triangular{second, second, second}), un::triangular<seconds>>);
static_assert(un::distribution<un::normal<seconds>> && !un::distribution<seconds> && !un::distribution<int>);
template <class T>
concept has_normal = requires { typename un::normal<T>; };
static_assert(has_normal<double> && !has_normal<int> && !has_normal<std::string> && !has_normal<net>);
static_assert(!std::invocable<const un::draw_inputs&, std::string, int> && std::invocable<const un::draw_inputs&, std::string, un::normal<double>>);

// Carbon.
struct die : vc::chiplet<78.0, vc::layered_node::nm7> {};
struct die_of_constant : vc::chiplet<78.0, std::integral_constant<vc::layered_node, vc::layered_node::nm7>{}> {};
static_assert(die::value.node == vc::layered_node::nm7 && die_of_constant::value.node == vc::layered_node::nm7);
template <class>
inline constexpr bool is_chiplet = false;
template <double Area, vc::layered_node Node, int Layers>
inline constexpr bool is_chiplet<vc::chiplet<Area, Node, Layers>> = true;
static_assert(is_chiplet<vc::chiplet<78.0, vc::layered_node::nm7, 13>>);
struct chip : vc::package<vc::integration::organic, die> {};
static_assert(vc::embodied<chip>({.area = 200.0 * vd::square_millimetres{}}).total() > vd::si::mass{});
static_assert(vc::has_intensity<vc::place> && vc::has_intensity<vc::source> && !vc::has_intensity<const char*> && !vc::has_intensity<std::string>);
struct of_europe {
    operator vc::place() const { return vc::place::europe; } // NOLINT(google-explicit-constructor)
    operator std::string_view() const { return "europe"; } // NOLINT(google-explicit-constructor)
};
struct area_of_own {
    constexpr operator vd::si::area() const { return 2.0 * vd::square_millimetres{}; } // NOLINT(google-explicit-constructor)
};
vd::si::mass carbon() {
    static_cast<void>(vc::intensity(of_europe{}));
    const vc::fab usual{};
    vd::si::mass (*made)(vd::si::area, const vc::fab&) = &vc::embodied;
    return vc::embodied(area_of_own{}) + vc::embodied(area_of_own{}, {}) + vc::embodied(area_of_own{}, usual) +
           vc::embodied(area_of_own{}, {.yield = 0.9}) + vc::embodied<vd::hardware::node::nm7>(area_of_own{}, 1) + made({}, usual);
}
struct four_hours {
    operator vd::si::time() const { return 4.0 * vd::hours{}; } // NOLINT(google-explicit-constructor)
};
double start(const derived<vc::grid_series>& grid) {
    auto* choose = &vc::best_start<>;
    vc::start_choice (*same)(const vc::grid_series&, double, double, vd::si::time) = &vc::best_start;
    return vc::best_start(grid, 0, 1e6, four_hours{}).start + choose(grid, 0, 1e6, four_hours{}).start + same(grid, 0, 1e6, four_hours{}).start;
}

// Hardware.
vh::nest_counts counts(const vh::nest_problem& problem, const std::vector<vh::memory_level>& levels, const vh::nest_mapping& mapping) {
    vh::nest_counts (*same)(const vh::nest_problem&, std::span<const vh::memory_level>, const vh::nest_mapping&) noexcept = &vh::analyse;
    static_cast<void>(vh::parse_nest_mapping(std::string{"DRAM[WIO]"}, problem));
    static_cast<void>(vh::parse_nest_mapping("DRAM[WIO]", problem, levels));
    return vh::analyse(problem, levels, mapping).steps > 0 ? same(problem, levels, mapping) : vh::nest_counts{};
}

// Options of observers.
void observed(const vd::stagnation_options& options) {
    vd::stagnation<study> some{{.gain = 0.1, .trials = 10}}, usual{}, none{{}}, given{options}, limited{{.trials = 10}, study::goals_type::limits()};
    static_cast<void>(sizeof(some) + sizeof(usual) + sizeof(none) + sizeof(given) + sizeof(limited));
}

} // namespace right_uses
