#include <verdant/distributed/job_messages.hpp>

#include "catch.hpp"
#include "laws/dispatcher.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace vd = verdant;

namespace {

using completed = vd::completed_job<laws::law_goals>;

std::vector<completed> some_completed() {
    completed good{7, {}}, bad{1'000'000'000'000, {}}, stopped{9, {}};
    good.outcome.values = {0.5, 3.0 * vd::milliseconds{}};
    good.outcome.times = {1.25, 2.5, 3};
    bad.outcome.fail(std::string{"out of memory\0\n, \xff", 18});
    stopped.outcome.values = {0.1, std::numeric_limits<double>::infinity() * vd::milliseconds{}};
    stopped.outcome.reported = {{0.25, {0.05, 1.0 * vd::milliseconds{}}}, {0.5, {0.1, 2.0 * vd::milliseconds{}}}};
    stopped.outcome.stopped = true;
    stopped.outcome.started_over = true;
    return {good, bad, stopped};
}

} // namespace

TEST_CASE("jobs are the same when they have travelled", "[distributed]") {
    for (const std::size_t n : {0U, 1U, 7U}) {
        const auto jobs = laws::law_jobs(n, 3);
        REQUIRE(vd::read_jobs<laws::law_space>(vd::write_jobs<laws::law_space>(jobs), "there") == jobs);
    }
    auto one = laws::law_jobs(1, 3);
    auto bytes = vd::write_jobs<laws::law_space>(one);
    bytes.pop_back();
    REQUIRE_THROWS_WITH(vd::read_jobs<laws::law_space>(bytes, "there"), Catch::Contains("there: expected jobs of"));
    one[0].point[1] = 77;
    REQUIRE_THROWS_WITH(vd::read_jobs<laws::law_space>(vd::write_jobs<laws::law_space>(one), "there"),
                        Catch::Contains("expected a point of the space, found value 77 of parameter heads"));
}

TEST_CASE("so is what came of them, all of it but who found it", "[distributed]") {
    const auto sent = some_completed();
    const auto bytes = vd::write_completed<laws::law_goals>(sent);
    const auto got = vd::read_completed<laws::law_goals>(bytes, "process 2");
    REQUIRE(got == sent);
    REQUIRE((got[0].outcome.times.started == 1.25 && got[0].outcome.times.ended == 2.5 && got[0].outcome.times.worker == 0));
    REQUIRE(std::isnan(got[1].outcome.times.started));
    REQUIRE(got[2].outcome.reported == sent[2].outcome.reported);
    REQUIRE((got[2].outcome.stopped && got[2].outcome.started_over && !got[0].outcome.stopped && !got[0].outcome.started_over));
    REQUIRE(vd::read_completed<laws::law_goals>(vd::write_completed<laws::law_goals>({}), "process 2").empty());

    // With what the worker consumed for them, which counts once.
    vd::worker_consumption used{.worker = "host 17"};
    used.used.took = 2.0 * vd::seconds{};
    used.used.processors = 3.0 * vd::joules{};
    used.used.memory = 0.5 * vd::joules{};
    used.used.emitted = 0.25 * vd::grams_co2e{};
    used.used.method = "processor time";
    used.scope.memory = "host, memory";
    const auto metered = vd::read_completed<laws::law_goals>(vd::write_completed<laws::law_goals>(sent, &used), "process 2");
    REQUIRE(metered == sent);
    REQUIRE(*metered[0].outcome.consumed == used);
    REQUIRE((metered[2].outcome.consumed->worker == "host 17" && metered[2].outcome.consumed->used.energy().value() == 0));
    REQUIRE(got[0].outcome.consumed == nullptr);
    REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(vd::write_completed<laws::law_goals>({}, &used), "process 2"),
                        Catch::Contains("no consumption without completed jobs"));
    const auto with_meter = vd::write_completed<laws::law_goals>(sent, &used);
    for (const char* const name : {"", "host; 17"}) {
        used.worker = name;
        REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(vd::write_completed<laws::law_goals>(sent, &used), "process 2"),
                            Catch::Contains("expected a worker's name without \"; \", found '" + used.worker + '\''));
    }
    used.worker = "host 17";
    used.used.memory = -1.0 * vd::joules{};
    REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(vd::write_completed<laws::law_goals>(sent, &used), "process 2"),
                        Catch::Contains("0 or more for the energy of its memory") && Catch::Contains("-1"));

    for (const auto& whole : {bytes, with_meter})
        for (std::size_t n = 0; n < whole.size(); ++n) { // no beginning of it is taken for the whole
            const std::vector<unsigned char> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
            REQUIRE_THROWS_AS(vd::read_completed<laws::law_goals>(part, "process 2"), vd::input_error);
        }
    auto longer = bytes;
    longer.push_back(0);
    REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(longer, "process 2"), Catch::Contains("expected the end, found 1 bytes more"));
    auto flag = bytes;
    flag[16] = 2;
    REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(flag, "process 2"),
                        Catch::Contains("process 2, byte 16: expected 0 or 1 for whether it ended early, found 2"));
    auto many = bytes;
    many[5] = 1;
    REQUIRE_THROWS_WITH(vd::read_completed<laws::law_goals>(many, "process 2"),
                        Catch::Contains("expected as many completed jobs as there are bytes for"));
}
