#include "catch.hpp"
#include "curves.hpp"

#include <verdant/error.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/asha_stopping.hpp>
#include <verdant/fidelity/hyperband.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/fidelity/median_stopping.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/fidelity/successive_halving.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>
#include <verdant/goal/pending_trial.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace curves;

template <class Policy, class Study = study>
using with = vd::multi_fidelity<Study, epochs, Policy>;

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

// Of each measurement at a rung above the first: the same trial was measured at the rung below before; costs fit.
template <class Result>
void check_costs(const Result& r, bool from_checkpoint) {
    std::map<std::uint64_t, double> reached;
    double sum = 0;
    for (const auto& e : r.evaluations()) {
        if (e.status == vd::measurement_status::reported) continue;
        CHECK(e.fidelity > reached[e.number]);
        CHECK(near(e.cost, from_checkpoint ? e.fidelity - reached[e.number] : e.fidelity));
        reached[e.number] = e.fidelity;
        sum += e.cost;
    }
    CHECK(near(r.cost(), sum));
    CHECK(r.cost() <= r.budget() * (1 + 1e-9));
}

// Has no point to ask for while one is pending.
struct one_at_a_time : vd::optimizer_policy_base {
    struct options {
        std::size_t batch = 1;
        using described = vd::members<vd::member<"batch", &options::batch>>;
    };
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t) { return {vd::sample<Space>(random)}; }
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n, std::span<const vd::pending_trial<Space>> pending) {
            return pending.empty() ? ask(random, n) : std::vector<vd::point<Space>>{};
        }
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
    };
};

} // namespace

TEST_CASE("an optimizer that waits for trials under way is asked again", "[fidelity]") {
    using waiting = vd::search<net, vd::maximize<vd::accuracy>, one_at_a_time>;
    const with<vd::asha, waiting> search{train{}};
    const auto found = search.run({.budget = 5, .seed = 1});
    CHECK(found.out_of_budget());
    CHECK(found.found().trials().size() > 10);
    vd::memory_storage kept;
    static_cast<void>(search.run({.budget = 2, .seed = 1}, kept));
    CHECK(search.run({.budget = 5, .seed = 1, .threads = 3}, kept).evaluations() == found.evaluations());

    // Climbs wait for neighbours that are under way.
    using climbing = vd::search<net, vd::maximize<vd::accuracy>, vd::local_search>;
    const auto all = with<vd::asha, climbing>{train_and_report{}}.run({.budget = 1000, .seed = 1, .failures_in_a_row = 0});
    CHECK(all.found().trials().size() == 100);
    CHECK(all.found().reason() == vd::stop_reason::patience);
}

TEST_CASE("asha spends whole evaluations on the best", "[fidelity]") {
    const with<vd::asha> search{train{}};
    const auto found = search.run({.budget = 10, .seed = 1, .continuation = vd::continuation::from_checkpoint, .policy = {.eta = 3}});
    check_costs(found, true);
    REQUIRE(!found.empty());
    CHECK(found.out_of_budget());
    CHECK(found.rungs() == std::vector<double>{1 / 27.0, 3 / 27.0, 9 / 27.0, 1});
    CHECK(found.found().trials().size() > 3 * found.whole().trials().size());
    for (const auto& t : found.whole().trials()) CHECK(t.get<vd::accuracy>() == accuracy_at(t.point, 27));
    const auto* e = found.find(found.whole().trials().front().point, 9 / 27.0);
    REQUIRE(e != nullptr);
    CHECK(e->values.get<vd::accuracy>() == accuracy_at(e->point, 9));
}

TEST_CASE("any number of threads gives the same measurements", "[fidelity]") {
    const with<vd::asha, fronts> search{time_of{}, train_and_report{}};
    const auto options = [](unsigned threads) {
        return with<vd::asha, fronts>::options{.budget = 12, .seed = 3, .threads = threads, .policy = {.eta = 3}};
    };
    const auto serial = search.run(options(1));
    check_costs(serial, false);
    CHECK((serial.evaluations() == search.run(options(2)).evaluations()));
    CHECK((serial.evaluations() == search.run(options(7)).evaluations()));
    std::size_t failed = 0;
    for (const auto& e : serial.evaluations()) failed += e.status == vd::measurement_status::failed ? 1 : 0;
    CHECK(failed > 0);
}

TEST_CASE("a study that was interrupted goes on bit for bit", "[fidelity]") {
    const with<vd::asha, fronts> search{time_of{}, train_and_report{}};
    with<vd::asha, fronts>::options o{.budget = 12, .seed = 5, .policy = {.eta = 3}};
    for (const auto order : {vd::measured_order::as_begun, vd::measured_order::as_completed}) {
        o.order = order;
        vd::memory_storage whole;
        const auto wanted = search.run(o, whole);
        const auto all = *whole.load();
        CHECK(all.evaluations.size() == wanted.evaluations().size());
        CHECK(all.trials.size() == wanted.found().trials().size());
        CHECK(all.description.fidelity.starts_with("asha, eta 3"));
        for (std::size_t kept = 0; kept < all.evaluations.size(); kept += 7) {
            auto cut = all;
            cut.evaluations.resize(kept);
            cut.trials.resize(std::min(cut.trials.size(), kept / 12)); // fewer than the measurements say
            vd::memory_storage again{cut};
            const auto found = search.run(o, again);
            CAPTURE(kept, order == vd::measured_order::as_begun, found.evaluations().size(), wanted.evaluations().size());
            REQUIRE((found.evaluations() == wanted.evaluations()));
            REQUIRE(found.found().trials() == wanted.found().trials());
            const auto now = *again.load();
            REQUIRE(now.trials.size() == all.trials.size());
            for (std::size_t i = 0; i < now.trials.size(); ++i) {
                CHECK(now.trials[i].metrics == all.trials[i].metrics);
                CHECK(now.trials[i].told == all.trials[i].told);
            }
        }
        // A greater budget continues it, as if it had been there from the beginning.
        auto more = o;
        more.budget = 20;
        const auto longer = search.run(more, whole);
        CHECK((longer.evaluations() == search.run(more).evaluations()));
    }
}

TEST_CASE("a study is not gone on with under another policy", "[fidelity]") {
    const with<vd::asha> search{train{}};
    vd::memory_storage kept;
    static_cast<void>(search.run({.budget = 3, .policy = {.eta = 3}}, kept));
    const auto refused = [&](const auto& other, const auto& o) {
        auto copy = kept;
        CHECK_THROWS_AS(other.run(o, copy), vd::input_error);
    };
    refused(search, with<vd::asha>::options{.budget = 3, .policy = {.eta = 2}});
    refused(search, with<vd::asha>::options{.budget = 3, .window = 3, .policy = {.eta = 3}});
    refused(search, with<vd::asha>::options{.budget = 3, .order = vd::measured_order::as_completed, .policy = {.eta = 3}});
    refused(with<vd::hyperband>{train{}}, with<vd::hyperband>::options{.budget = 3});
    auto copy = kept;
    CHECK_THROWS_AS(study{[](const vd::point<net>& p) -> vd::metrics<vd::accuracy> { return accuracy_at(p, 27); }}.run({.trials = 5}, copy),
                    vd::input_error);
}

TEST_CASE("kept measurements that make no sense are refused by name", "[fidelity]") {
    const with<vd::asha> search{train{}};
    vd::memory_storage kept;
    static_cast<void>(search.run({.budget = 3, .policy = {.eta = 3}}, kept));
    const auto refused = [&](auto&& change) {
        auto study = *kept.load();
        change(study);
        vd::memory_storage changed{study};
        CHECK_THROWS_AS(search.run({.budget = 3, .policy = {.eta = 3}}, changed), vd::input_error);
    };
    refused([](auto& s) { s.evaluations[2].fidelity = 1.5; });
    refused([](auto& s) { s.evaluations[2].fidelity = 0.5; }); // which is not a rung
    refused([](auto& s) { s.evaluations[2].fidelity = 1; });   // which is another one
    refused([](auto& s) { s.evaluations[2].cost = -1; });
    refused([](auto& s) { s.evaluations[2].status = "begun"; });
    refused([](auto& s) { s.evaluations[2].metrics.push_back(1); });
    refused([](auto& s) { s.evaluations[2].metrics[0] = std::nan(""); });
    refused([](auto& s) { s.trials[1].parameters[0] = "11"; });
}

TEST_CASE("every policy keeps to its budget, any number of points, and to the space", "[fidelity]") {
    const auto check = [](const auto& search, auto o) {
        for (const auto budget : {0.5, 1.0, 7.3, 1000.0})
            for (const auto window : {1, 3, 20}) {
                o.budget = budget;
                o.window = static_cast<std::size_t>(window);
                o.continuation = vd::continuation::from_checkpoint;
                const auto found = search.run(o);
                check_costs(found, true);
                if (budget > 999) CHECK(found.found().trials().size() == 100); // all points of the space
                o.trials = 11;
                CHECK(search.run(o).found().trials().size() <= 11);
                o.trials = with<vd::asha>::options{}.trials;
            }
    };
    check(with<vd::asha>{train{}}, with<vd::asha>::options{.policy = {.eta = 3}});
    check(with<vd::asha, fronts>{train{}, time_of{}}, with<vd::asha, fronts>::options{.policy = {.eta = 3, .order = vd::front_order::crowding}});
    check(with<vd::hyperband, fronts>{train{}, time_of{}}, with<vd::hyperband, fronts>::options{});
    check(with<vd::successive_halving>{train{}}, with<vd::successive_halving>::options{});
    check(with<vd::median_stopping>{train{}}, with<vd::median_stopping>::options{});
    check(with<vd::asha_stopping>{train{}}, with<vd::asha_stopping>::options{.policy = {.eta = 3}});
    check(with<vd::whole_evaluations>{train{}}, with<vd::whole_evaluations>::options{});
}

TEST_CASE("reports are recorded, and judged where that is asked for", "[fidelity]") {
    const with<vd::median_stopping> search{train_and_report{}};
    with<vd::median_stopping>::options o{
        .budget = 15, .seed = 2, .threads = 3, .order = vd::measured_order::as_completed, .reports = vd::report_use::judged};
    vd::memory_storage kept;
    const auto found = search.run(o, kept);
    std::size_t stopped = 0, reported = 0;
    for (const auto& e : found.evaluations()) {
        stopped += e.status == vd::measurement_status::stopped ? 1 : 0;
        reported += e.status == vd::measurement_status::reported ? 1 : 0;
        if (e.status == vd::measurement_status::stopped) {
            CHECK(e.fidelity < 1);
            CHECK(near(e.values.get<vd::accuracy>(), accuracy_at(e.point, std::round(27 * e.fidelity))));
            CHECK(near(e.cost, e.fidelity));
        }
    }
    CHECK(stopped > 3);
    CHECK(reported > 50);
    CHECK(!found.empty());
    CHECK(search.run(o, kept).evaluations() == found.evaluations()); // nothing is measured again
    o.order = vd::measured_order::as_begun;
    CHECK_THROWS_AS(search.run(o), vd::input_error);
    CHECK_THROWS_AS((with<vd::asha>{train{}}.run({.order = vd::measured_order::as_completed, .reports = vd::report_use::judged})), vd::input_error);
}

TEST_CASE("wrong options are refused by name", "[fidelity]") {
    const with<vd::asha> search{train{}};
    CHECK_THROWS_AS(search.run({.budget = 0}), vd::input_error);
    CHECK_THROWS_AS(search.run({.budget = std::nan("")}), vd::input_error);
    CHECK_THROWS_AS(search.run({.window = 0}), vd::input_error);
    CHECK_THROWS_AS(search.run({.trials = 0}), vd::input_error);
    CHECK_THROWS_AS(search.run({.policy = {.eta = 1}}), vd::input_error);
    CHECK_THROWS_AS(search.run({.policy = {.first_rung = 3}}), vd::input_error);
    CHECK_THROWS_AS((with<vd::successive_halving>{train{}}.run({.policy = {.trials = 5}})), vd::input_error);
    CHECK_THROWS_AS((with<vd::median_stopping>{train{}}.run({.policy = {.grace = 2}})), vd::input_error);
    // Numbers below 0 that lost their sign.
    CHECK_THROWS_WITH(search.run({.batch = static_cast<std::size_t>(-1)}), Catch::Contains("batch") && Catch::Contains("(-1 without its sign)"));
    CHECK_THROWS_WITH(search.run({.failures_in_a_row = static_cast<std::size_t>(-2)}), Catch::Contains("failures_in_a_row"));
    // A policy that measures all trials whole is none.
    const auto single =
        Catch::Contains("eta: expected at most the whole fidelity divided by the least one, so that there is a rung below the whole, found 28");
    CHECK_THROWS_WITH(search.run({.policy = {.eta = 28}}), single);
    CHECK_THROWS_WITH((with<vd::hyperband>{train{}}.run({.policy = {.eta = 28}})), single);
    CHECK_THROWS_WITH((with<vd::successive_halving>{train{}}.run({.policy = {.eta = 28}})), single);
    CHECK_THROWS_WITH((with<vd::asha_stopping>{train{}}.run({.policy = {.eta = 28}})), single);
    CHECK_THROWS_WITH((with<vd::median_stopping>{train{}}.run({.policy = {.eta = 28}})), single);
    CHECK_THROWS_WITH((with<vd::asha_stopping>{train_and_report{}}.run(
                          {.order = vd::measured_order::as_completed, .reports = vd::report_use::judged, .policy = {.eta = 28}})),
                      single);
    CHECK_NOTHROW((with<vd::median_stopping>{train_and_report{}}.run(
        {.budget = 2, .order = vd::measured_order::as_completed, .reports = vd::report_use::judged, .policy = {.eta = 28}})));
    CHECK_NOTHROW((with<vd::whole_evaluations>{train{}}.run({.budget = 2, .policy = {.eta = 28}})));
}

TEST_CASE("failures on end stop the search, and stops leave a study that goes on", "[fidelity]") {
    const with<vd::asha> broken{
        [](const vd::point<net>&, vd::at_fidelity<epochs>) -> vd::metrics<vd::accuracy> { throw std::runtime_error{"no disk"}; }};
    CHECK_THROWS_AS(broken.run({.failures_in_a_row = 4}), vd::search_error);

    struct stop_after {
        std::size_t most, told_ = 0;
        vd::search_step told(const study::trial_type&, const vd::search_state&) {
            return ++told_ >= most ? vd::search_step::stop : vd::search_step::go_on;
        }
    } stop{10};
    const with<vd::asha> search{train{}};
    vd::memory_storage kept;
    const auto part = search.run({.budget = 6, .policy = {.eta = 3}}, kept, stop);
    CHECK(part.found().reason() == vd::stop_reason::requested);
    CHECK(search.run({.budget = 6, .policy = {.eta = 3}}, kept).evaluations() == search.run({.budget = 6, .policy = {.eta = 3}}).evaluations());
}

TEST_CASE("what is nothing of a trial's ends the search, and the study goes on as if nothing had been", "[fidelity]") {
    struct full_disk {
        std::atomic<int>* left;
        vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::measurement<epochs>& m) const {
            if ((*left)-- == 0) {
                try {
                    throw vd::file_error{"checkpoint", "write", "no space"};
                } catch (...) {
                    m.cannot_go_on(std::current_exception());
                    throw;
                }
            }
            return train{}(p, {m.value()});
        }
    };
    for (const unsigned threads : {1U, 2U}) {
        std::atomic<int> left = 10;
        const with<vd::asha> search{full_disk{&left}};
        const decltype(search)::options o{.budget = 6, .threads = threads, .policy = {.eta = 3}};
        vd::memory_storage kept;
        CHECK_THROWS_AS(search.run(o, kept), vd::file_error);
        const auto found = search.run(o, kept);
        const auto same = [](const auto& a, const auto& b) { return a.number == b.number && a.fidelity == b.fidelity && a.status == b.status; };
        const auto& all = found.evaluations();
        const auto expected = with<vd::asha>{train{}}.run(o).evaluations();
        CHECK(std::equal(all.begin(), all.end(), expected.begin(), expected.end(), same));
        CHECK(std::none_of(all.begin(), all.end(), [](const auto& e) { return e.status == vd::measurement_status::failed; }));
    }
}

TEST_CASE("a stop that is asked for before a measurement begins is the reason, and what is thrown there is thrown", "[fidelity]") {
    struct asked {
        std::atomic<int>& times;
        int most;
        bool throws = false;
        bool stop_requested() {
            if (++times <= most) return false;
            if (throws) throw std::runtime_error{"no terminal"};
            return true;
        }
    };
    const with<vd::asha> search{train{}};
    for (const auto order : {vd::measured_order::as_begun, vd::measured_order::as_completed})
        for (const unsigned threads : {1U, 3U})
            for (int most = 0; most < 12; ++most) {
                std::atomic<int> times = 0;
                asked stop{times, most};
                CHECK(search.run({.budget = 6, .threads = threads, .order = order}, stop).found().reason() == vd::stop_reason::requested);
                times = 0;
                stop.throws = true;
                CHECK_THROWS_WITH(search.run({.budget = 6, .threads = threads, .order = order}, stop), "no terminal");
            }
}

TEST_CASE("evaluators go on from what they kept, and say where there is nothing", "[fidelity]") {
    struct counting {
        std::shared_ptr<std::map<std::uint64_t, std::int64_t>> kept = std::make_shared<std::map<std::uint64_t, std::int64_t>>();
        vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::measurement<epochs>& m) const {
            auto& at = (*kept)[m.number()];
            CHECK(at == m.reached());
            at = m.value();
            if (m.number() % 2 == 1) m.started_over();
            CHECK(m.folder().empty());
            return accuracy_at(p, static_cast<double>(m.value()));
        }
    };
    const with<vd::asha> search{counting{}};
    const auto found = search.run({.budget = 10, .seed = 1, .continuation = vd::continuation::from_checkpoint, .policy = {.eta = 3}});
    std::map<std::uint64_t, double> reached;
    for (const auto& e : found.evaluations()) {
        CHECK(near(e.cost, e.number % 2 == 1 ? e.fidelity : e.fidelity - reached[e.number]));
        reached[e.number] = e.fidelity;
    }
}

TEST_CASE("cost in seconds", "[fidelity]") {
    const with<vd::asha> search{train{}};
    const auto found = search.run({.budget = 0.003, .unit = vd::cost_unit::seconds, .trials = 50, .policy = {.eta = 3}});
    double sum = 0;
    for (const auto& e : found.evaluations()) sum += e.times.known() ? e.times.duration().value() : 0;
    CHECK(near(found.cost(), sum));
}
