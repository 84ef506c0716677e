#include "catch.hpp"

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/report/trial_text.hpp>

#include <sstream>

namespace vd = verdant;

namespace {

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>, vd::param<"act", vd::choices<"relu", "gelu">>> {};
using wanted = vd::goals<vd::minimize<vd::latency>, vd::maximize<vd::accuracy>>;

vd::trial<tower, wanted> some() {
    vd::trial<tower, wanted> t;
    t.number = 3;
    t.point = vd::point<tower>{}.with<"layers", 8>();
    t.values = {12.3 * vd::milliseconds{}, 0.93};
    return t;
}

} // namespace

TEST_CASE("a trial is printed with its point, its metrics in the units of reports, and what is wrong with it", "[search]") {
    auto t = some();
    CHECK(to_string(t) == "trial 3: layers=8 act=relu; latency 12.3 ms, accuracy 0.93");
    std::ostringstream out;
    out << t << '\n';
    CHECK(out.str() == to_string(t) + '\n');
    t.violation = 0.5;
    CHECK(to_string(t) == "trial 3: layers=8 act=relu; latency 12.3 ms, accuracy 0.93; infeasible");
    t.status = vd::trial_status::failed;
    t.message = "out of memory";
    CHECK(to_string(t) == "trial 3: layers=8 act=relu; failed: out of memory");
}

TEST_CASE("a metric that its unit cannot hold is printed in SI units", "[search]") {
    auto t = some();
    t.values = {1e306 * vd::seconds{}, 0.93};
    CHECK(to_string(t) == "trial 3: layers=8 act=relu; latency 1e+306 SI, accuracy 0.93");
}
