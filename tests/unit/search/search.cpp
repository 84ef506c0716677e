#include "catch.hpp"
#include "dispatchers.hpp"
#include "laws/optimizer.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <atomic>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace studies;
using verdant::random_stream;

namespace {

template <class Optimizer, class... Evaluators>
void thread_count_changes_nothing(const typename study<Optimizer>::options& asked, const Evaluators&... evaluators) {
    const study<Optimizer> s{evaluators...};
    auto options = asked;
    const auto alone = s.run(options);
    REQUIRE(alone.trials().size() > 20);
    for (const unsigned threads : {2U, 7U, 0U}) {
        options.threads = threads;
        REQUIRE(same(alone, s.run(options)));
    }
    options.threads = 1;
    options.seed = asked.seed + 1;
    REQUIRE((std::is_same_v<Optimizer, vd::exhaustive_search> || !same(alone, s.run(options))));
}

struct recorder {
    std::vector<std::string> seen;
    std::vector<std::uint64_t> numbers;
    void started(const vd::search_state& s) { seen.push_back("started " + std::to_string(s.done) + '/' + std::to_string(s.total)); }
    template <class Trial>
    void told(const Trial& t, const vd::search_state& s) {
        seen.push_back("told " + std::to_string(s.done) + '/' + std::to_string(s.total) + " failed " + std::to_string(s.failed));
        numbers.push_back(t.number);
    }
    template <class Result>
    void finished(const Result& r) {
        seen.push_back("finished " + std::to_string(r.trials().size()));
    }
};

struct stubborn : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(random_stream&, std::size_t n) {
            // Two points in turn, then one more.
            std::vector<vd::point<Space>> points;
            while (points.size() < n) {
                vd::point<Space> p;
                p.assign(2, asked_ >= 9 ? 7 : asked_ % 2 == 0 ? 5 : 3);
                ++asked_;
                points.push_back(p);
            }
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) {
            for (const auto& t : told) numbers.push_back(t.number);
        }
        std::size_t preferred_batch() const { return 3; }
        std::vector<std::uint64_t> numbers;

    private:
        int asked_ = 0;
    };
};

vd::metrics<vd::accuracy, vd::latency> noisy(const point& p, random_stream& random) {
    return {random.uniform() + size_of(p) / 100, random.uniform(1, 2) * size_of(p) * vd::milliseconds{}};
}

// Fails at 5 x 5 kernels, and says NaN at layers = 3.
vd::metrics<vd::accuracy, vd::latency> moody(const point& p) {
    if (p.get<"kernel">() == 5) throw std::runtime_error{"no kernel of 5 at " + to_string(p)};
    auto found = measure(p);
    if (p.get<"layers">() == 3) found.set<vd::latency>(std::numeric_limits<double>::quiet_NaN() * vd::seconds{});
    return found;
}

} // namespace

TEST_CASE("the number of threads changes no bit of a result", "[search]") {
    thread_count_changes_nothing<vd::nsga2<>>({.trials = 90, .seed = 3, .optimizer = {.population = 12}}, measure, power);
    thread_count_changes_nothing<vd::random_search>({.trials = 90, .seed = 3}, measure, power);
    thread_count_changes_nothing<vd::exhaustive_search>({.trials = 1000}, measure, power);
}

TEST_CASE("nor where evaluators draw random numbers, or fail", "[search]") {
    thread_count_changes_nothing<vd::nsga2<>>({.trials = 90, .seed = 3, .optimizer = {.population = 12}}, noisy, power);
    thread_count_changes_nothing<vd::nsga2<>>({.trials = 90, .seed = 3, .failures_in_a_row = 0, .optimizer = {.population = 12}}, moody, power);
}

TEST_CASE("each trial has a random stream of its own, derived from seed and number", "[search]") {
    const auto found = study<vd::random_search>{noisy, power}.run({.trials = 40, .seed = 8});
    for (const auto& t : found.trials()) {
        auto random = random_stream::derive(8, t.number);
        const auto again = noisy(t.point, random);
        REQUIRE(t.get<vd::accuracy>() == again.get<vd::accuracy>());
        REQUIRE(t.get<vd::latency>() == again.get<vd::latency>());
    }
}

TEST_CASE("a search runs on an executor of the caller's", "[search]") {
    const study<vd::nsga2<>> s{noisy, power};
    const study<vd::nsga2<>>::options options{.trials = 60, .seed = 5, .optimizer = {.population = 10, .offspring = 10}};
    backwards mine;
    REQUIRE(same(s.run(options), s.run(options, mine)));
    REQUIRE(mine.calls >= 6);
    REQUIRE(same(s.run(options), s.run(options, vd::serial_executor{})));
}

TEST_CASE("a search runs on a dispatcher of the caller's, whatever the order in which trials come back", "[search]") {
    using evolution = study<vd::nsga2<>>;
    const evolution::options options{.trials = 90, .seed = 3, .failures_in_a_row = 0, .optimizer = {.population = 12, .offspring = 12}};
    by_mail<net, evolution::goals_type> mail;
    REQUIRE(same(evolution(moody, power).run(options), evolution(moody, power).run(options, mail)));
    REQUIRE((mail.most_pending == 12 && mail.pending() == 0));
    REQUIRE(same(evolution(noisy, power).run(options), evolution(noisy, power).run(options, mail)));
}

TEST_CASE("the parts of a run may stand in any order", "[search]") {
    using evolution = study<vd::nsga2<>>;
    const evolution s{noisy, power};
    const evolution::options options{.trials = 40, .seed = 5, .optimizer = {.population = 10, .offspring = 10}};
    const auto whole = s.run(options);
    recorder one, two;
    backwards mine;
    by_mail<net, evolution::goals_type> mail;
    REQUIRE(same(whole, s.run(options, one, vd::memory_storage{}, mine, two)));
    REQUIRE((one.seen.size() == 42 && two.seen == one.seen && mine.calls == 4));
    vd::memory_storage kept;
    REQUIRE(same(whole, s.run(options, mail, two, kept)));
    REQUIRE(kept.load()->trials.size() == 40);
    REQUIRE(same(whole, s.run(options, vd::serial_executor{}, kept)));
    const auto not_called = [](const point&) -> vd::metrics<vd::accuracy, vd::latency> { throw std::runtime_error{"called"}; };
    REQUIRE(same(whole, evolution(not_called, power).run(options, kept, mine)));
}

namespace {

using mail_of_study = by_mail<net, study<vd::random_search>::goals_type>;

// Forgets a trial of each question, or gives one twice, or one that nobody asked for, or ends with an error of its own.
struct bad_dispatcher : mail_of_study {
    enum class fault { loses, repeats, invents, throws } what;
    explicit bad_dispatcher(fault f) : what{f} {}
    void collect(const vd::completion_sink<study<vd::random_search>::goals_type>& done) {
        if (what == fault::throws && pending() == 2) throw std::runtime_error{"the network is down"};
        const auto pass = [&](vd::completed_job<study<vd::random_search>::goals_type> one) {
            if (what == fault::loses && pending() == 0) return;
            if (what == fault::repeats) done(one);
            if (what == fault::invents) one.number += 1000;
            done(std::move(one));
        };
        mail_of_study::collect(vd::completion_sink<study<vd::random_search>::goals_type>{pass});
    }
};

} // namespace

TEST_CASE("a dispatcher that breaks its promises ends the search with an error, and has nothing pending", "[search]") {
    const study<vd::random_search> s{measure, power};
    const auto error_of = [&](bad_dispatcher::fault what) {
        bad_dispatcher d{what};
        std::string text = "none";
        try {
            s.run({.trials = 10, .batch = 5}, d);
        } catch (const std::exception& e) { text = e.what(); }
        REQUIRE(d.pending() == 0);
        return text;
    };
    using Catch::Contains;
    REQUIRE(error_of(bad_dispatcher::fault::loses) == "verdant: a dispatcher lost trials that it was given");
    REQUIRE_THAT(error_of(bad_dispatcher::fault::repeats), Contains("a dispatcher gave an outcome of trial") && Contains(", which is not pending"));
    REQUIRE_THAT(error_of(bad_dispatcher::fault::invents), Contains("a dispatcher gave an outcome of trial 100"));
    REQUIRE(error_of(bad_dispatcher::fault::throws) == "the network is down");
}

TEST_CASE("a batch evaluator finds what a single one does, with as many points at once as the optimizer asks for", "[search]") {
    const auto options = study<vd::nsga2<>>::options{.trials = 60, .seed = 5, .optimizer = {.population = 10, .offspring = 10}};
    const auto sizes = std::make_shared<std::vector<std::size_t>>();
    const auto batch = [sizes](std::span<const point> points) {
        sizes->push_back(points.size());
        std::vector<vd::metrics<vd::accuracy, vd::latency>> found;
        for (const auto& p : points) found.push_back(measure(p));
        return found;
    };
    REQUIRE(same(study<vd::nsga2<>>{measure, power}.run(options), study<vd::nsga2<>>{batch, power}.run(options)));
    REQUIRE(sizes->front() == 10);
    for (const auto n : *sizes) REQUIRE((n > 0 && n <= 10));
}

TEST_CASE("a throwing evaluator fails its trial, with its message, and the search goes on", "[search]") {
    const auto found = study<vd::exhaustive_search>{moody, power}.run({.trials = 1000, .failures_in_a_row = 0});
    int thrown = 0, nan = 0;
    for (const auto& t : found.trials()) {
        const bool throws = t.point.get<"kernel">() == 5, is_nan = !throws && t.point.get<"layers">() == 3;
        REQUIRE(t.completed() == !(throws || is_nan));
        REQUIRE(t.message == (throws ? "no kernel of 5 at " + to_string(t.point) : is_nan ? "latency is NaN" : ""));
        REQUIRE((t.completed() || !t.feasible()));
        thrown += throws ? 1 : 0;
        nan += is_nan ? 1 : 0;
    }
    REQUIRE(thrown > 10);
    REQUIRE(nan > 10);
    for (const auto& t : found) REQUIRE(t.completed());
    REQUIRE_FALSE(found.empty());
}

TEST_CASE("whatever is thrown fails a trial with some message", "[search]") {
    const auto odd = [](const point& p) -> vd::metrics<vd::accuracy, vd::latency> {
        if (p.get<"layers">() == 1) throw 42;
        if (p.get<"layers">() == 2) throw std::runtime_error{""};
        return measure(p);
    };
    const auto found = study<vd::exhaustive_search>{odd, power}.run({.trials = 1000, .failures_in_a_row = 0});
    REQUIRE(found.trials().front().message == "an exception that is no std::exception");
    bool empty_text = false;
    for (const auto& t : found.trials()) empty_text = empty_text || t.message == "an exception without a text";
    REQUIRE(empty_text);
}

TEST_CASE("the text of whatever is thrown is kept", "[search]") {
    const auto odd = [](const point& p) -> vd::metrics<vd::accuracy, vd::latency> {
        switch (p.get<"layers">()) {
        case 1: throw std::string{"a string"};
        case 2: throw "a literal";
        case 3: throw std::string_view{"a view"};
        case 4: throw static_cast<const char*>(nullptr);
        default: return measure(p);
        }
    };
    const auto found = study<vd::exhaustive_search>{odd, power}.run({.trials = 1000, .failures_in_a_row = 0});
    std::set<std::string> texts;
    for (const auto& t : found.trials())
        if (!t.completed()) texts.insert(t.message);
    REQUIRE(texts == std::set<std::string>{"a string", "a literal", "a view", "an exception without a text"});
}

TEST_CASE("negative numbers that lost their sign are refused", "[search]") {
    using Catch::Contains;
    const study<vd::nsga2<>> s{measure, power};
    REQUIRE_THROWS_WITH(s.run({.threads = static_cast<unsigned>(-1)}),
                        Contains("thread pool, threads: expected 0 for one a processor, or up to 65536, found 4294967295 (-1 without its sign?)"));
    REQUIRE_THROWS_WITH(s.run({.batch = static_cast<std::size_t>(-1)}), Contains("search, batch: expected a number from 0 to 2147483647"));
    // All trials that there are is a wish that can be met.
    REQUIRE(study<vd::random_search>{measure, power}.run({.trials = std::numeric_limits<std::size_t>::max(), .patience = 3}).reason() ==
            vd::stop_reason::patience);
    REQUIRE_THROWS_WITH(s.run({.trials = static_cast<std::size_t>(-2)}), Contains("search, trials: expected a number from 1 to 2147483647") && Contains("-2 without its sign"));
    REQUIRE_THROWS_WITH(s.run({.patience = static_cast<std::size_t>(-2)}), Contains("session, patience: expected a number from 0 to 2147483647"));
    REQUIRE_THROWS_WITH(s.run({.failures_in_a_row = static_cast<std::size_t>(-2)}), Contains("search, failures_in_a_row: expected a number from 0 to 2147483647"));
    REQUIRE_THROWS_WITH(study<vd::nsga2<>>::ask_tell({.patience = static_cast<std::size_t>(-2)}), Contains("session, patience: expected a number from 0"));
    REQUIRE_THROWS_AS(study<vd::random_search>::ask_tell().ask(static_cast<std::size_t>(-1)), vd::input_error);
}

TEST_CASE("options of optimizers that say nothing are refused by name, value and range", "[search]") {
    REQUIRE_THROWS_WITH(study<vd::random_search>::ask_tell({.optimizer = {.batch = 0}}), "verdant: random_search, batch: expected at least 1, found 0");
    REQUIRE_THROWS_WITH(study<vd::exhaustive_search>::ask_tell({.optimizer = {.batch = 0}}), "verdant: exhaustive_search, batch: expected at least 1, found 0");
    REQUIRE_THROWS_WITH(study<vd::nsga2<>>::ask_tell({.optimizer = {.population = 1}}), "verdant: nsga2, population: expected at least 2, found 1");
    REQUIRE_THROWS_WITH(study<vd::nsga2<>>::ask_tell({.optimizer = {.crossover_probability = 2}}),
                        "verdant: nsga2, crossover_probability: expected a number from 0 to 1, found 2");
}

TEST_CASE("of a batch that throws only the bad points fail", "[search]") {
    const auto calls = std::make_shared<int>(0);
    const auto batch = [calls](std::span<const point> points) {
        ++*calls;
        std::vector<vd::metrics<vd::accuracy, vd::latency>> found;
        for (const auto& p : points) found.push_back(moody(p));
        return found;
    };
    const study<vd::exhaustive_search>::options options{.trials = 1000, .batch = 20, .failures_in_a_row = 0};
    REQUIRE(same(study<vd::exhaustive_search>{moody, power}.run(options), study<vd::exhaustive_search>{batch, power}.run(options)));
    REQUIRE(*calls > 20);
}

TEST_CASE("a batch evaluator that gives too few records fails its trials, and says how many", "[search]") {
    const auto lazy = [](std::span<const point> points) { return std::vector<vd::metrics<vd::accuracy, vd::latency>>(points.size() - 1); };
    const auto found = study<vd::random_search>{lazy, power}.run({.trials = 10});
    for (const auto& t : found.trials()) REQUIRE(t.message == "verdant: a batch evaluator gave 0 records for 1 points");
}

TEST_CASE("a point that an evaluator failed on is not shown to the next one", "[search]") {
    const auto shown = std::make_shared<std::set<point>>();
    const auto batch = [shown](std::span<const point> points) {
        std::vector<vd::metrics<vd::energy>> found;
        for (const auto& p : points) {
            shown->insert(p);
            found.push_back(power(p));
        }
        return found;
    };
    const auto found = study<vd::exhaustive_search>{batch, moody}.run({.trials = 1000, .failures_in_a_row = 0});
    for (const auto& t : found.trials()) REQUIRE(shown->count(t.point) == (t.completed() ? 1 : 0));
    for (const auto& t : found.trials())
        if (t.completed()) REQUIRE(t.get<vd::energy>() == power(t.point).get<vd::energy>());
}

TEST_CASE("too many failures in a row stop a search with an error that says the last", "[search]") {
    const auto broken = [](const point& p) -> vd::metrics<vd::accuracy, vd::latency> {
        if (p.get<"layers">() > 2) throw std::runtime_error{"out of order"};
        return measure(p);
    };
    const study<vd::exhaustive_search> s{broken, power};
    recorder watched;
    try {
        s.run({.trials = 1000, .failures_in_a_row = 7}, watched);
        FAIL("no error");
    } catch (const vd::search_error& e) {
        REQUIRE(std::string{e.what()} == "verdant: 7 trials in a row failed, the last (trial 66) with: out of order");
    }
    REQUIRE(watched.numbers.size() == 67);
    REQUIRE(watched.seen.back() == "told 67/1000 failed 7"); // and was not told of an end
    // One success in between and the count begins anew.
    const auto every_third = [](const point& p) -> vd::metrics<vd::accuracy, vd::latency> {
        if (p.get<"kernel">() != 3) throw std::runtime_error{"out of order"};
        return measure(p);
    };
    REQUIRE_NOTHROW(study<vd::exhaustive_search>{every_third, power}.run({.trials = 1000, .failures_in_a_row = 3}));
    const study<vd::exhaustive_search> impatient{every_third, power};
    REQUIRE_THROWS_AS(impatient.run({.trials = 1000, .failures_in_a_row = 2}), vd::search_error);
}

TEST_CASE("each point is evaluated once, however often it is proposed, and the optimizer is told each time", "[search]") {
    const auto calls = std::make_shared<std::map<point, int>>();
    const auto counting = [calls](const point& p) {
        ++(*calls)[p];
        return measure(p);
    };
    const auto found = study<stubborn>{counting, power}.run({.trials = 3});
    REQUIRE(found.trials().size() == 3);
    REQUIRE(calls->size() == 3);
    for (const auto& [p, n] : *calls) REQUIRE(n == 1);
    REQUIRE(found.repeated() == 7); // nine proposals of two points
    REQUIRE(found.reason() == vd::stop_reason::trials);

    auto session = study<stubborn>::ask_tell();
    for (int round = 0; round < 3; ++round)
        for (const auto& p : session.ask(3))
            if (session.tell_known(p) == nullptr) session.tell(p, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(session.engine().numbers == std::vector<std::uint64_t>{0, 1, 0, 1, 0, 1, 0, 1, 0});
}

TEST_CASE("a search ends when its optimizer has no more points, or proposes only known ones", "[search]") {
    const auto all = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000});
    REQUIRE(all.reason() == vd::stop_reason::exhausted);
    std::set<point> points;
    for (const auto& t : all.trials()) REQUIRE(points.insert(t.point).second);

    const auto random = study<vd::random_search>{measure, power}.run({.trials = 1000, .patience = 50});
    REQUIRE(random.reason() == vd::stop_reason::patience);
    REQUIRE(random.trials().size() == points.size()); // the seed is fixed; the chance to miss one is 192 * (191/192)^(51 * 64), below 1e-5
    const auto evolved = study<vd::nsga2<>>{measure, power}.run({.trials = 1000, .optimizer = {.population = 20}});
    REQUIRE(evolved.reason() == vd::stop_reason::patience);
    REQUIRE(evolved.trials().size() == points.size());
    REQUIRE(evolved.front().size() == all.front().size());

    const study<laws::optimizer_archetype> stuck{measure, power};
    const auto one = stuck.run({.trials = 10, .patience = 4});
    REQUIRE(one.trials().size() == 1);
    REQUIRE(one.repeated() == 4);
    REQUIRE(stuck.run({.trials = 10, .patience = 0}).repeated() == 0);
}

TEST_CASE("a search for no trials is refused", "[search]") {
    recorder watched;
    REQUIRE_THROWS_WITH((study<vd::nsga2<>>{measure, power}.run({.trials = 0}, watched)), "verdant: search, trials: expected at least 1, found 0");
    REQUIRE(watched.seen.empty());
}

TEST_CASE("observers see the start, each trial in order, and the end", "[search]") {
    recorder one, two;
    study<vd::nsga2<>>{measure, power}.run({.trials = 30, .threads = 3, .optimizer = {.population = 7}}, one, two);
    REQUIRE(one.seen.size() == 32);
    REQUIRE(one.seen.front() == "started 0/30");
    REQUIRE(one.seen[1] == "told 1/30 failed 0");
    REQUIRE(one.seen[30] == "told 30/30 failed 0");
    REQUIRE(one.seen.back() == "finished 30");
    for (std::size_t i = 0; i < one.numbers.size(); ++i) REQUIRE(one.numbers[i] == i);
    REQUIRE(two.seen == one.seen);
    // An observer may know but one of the events.
    struct counter {
        int ends = 0;
        void finished(const study<vd::nsga2<>>::result_type&) { ++ends; }
    } last;
    study<vd::nsga2<>>{measure, power}.run({.trials = 3}, last);
    REQUIRE(last.ends == 1);
}

TEST_CASE("evaluators may be objects that cannot be copied", "[search]") {
    struct owner {
        std::unique_ptr<double> scale = std::make_unique<double>(2);
        vd::metrics<vd::accuracy, vd::latency> operator()(const point& p) const { return {*scale * size_of(p), 1.0 * vd::seconds{}}; }
    };
    const auto found = study<vd::random_search>{owner{}, power}.run({.trials = 5});
    for (const auto& t : found.trials()) REQUIRE(t.get<vd::accuracy>() == 2 * size_of(t.point));
}

TEST_CASE("metrics that no goal names are ignored, also where they are NaN", "[search]") {
    const auto more = [](const point& p) { return vd::metrics<vd::tops, vd::accuracy>{std::numeric_limits<double>::quiet_NaN(), size_of(p)}; };
    const auto found = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>{more}.run({.trials = 10});
    for (const auto& t : found.trials()) REQUIRE(t.completed());
}

TEST_CASE("limits may be changed before a run", "[search]") {
    study<vd::exhaustive_search> s{measure, power};
    const auto before = s.run({.trials = 1000});
    s.at_most<vd::energy>(10.0 * vd::joules{}).at_least<vd::energy>(5.0 * vd::joules{}).threshold<vd::latency>(50.0 * vd::milliseconds{});
    const auto after = s.run({.trials = 1000});
    REQUIRE(after.trials().size() == before.trials().size());
    int changed = 0;
    for (const auto& t : after.trials()) {
        REQUIRE(t.feasible() == (size_of(t.point) >= 5 && size_of(t.point) <= 10));
        changed += before.trials()[t.number].feasible() != t.feasible() ? 1 : 0;
    }
    REQUIRE(changed > 20);
    REQUIRE(*after.hypervolume() < *before.hypervolume());
    REQUIRE(after.limits() == s.limits());
    REQUIRE_THROWS_AS(s.at_most<vd::energy>(std::numeric_limits<double>::quiet_NaN() * vd::joules{}), vd::input_error);
    REQUIRE_THROWS_AS(s.threshold<vd::accuracy>(std::numeric_limits<double>::infinity()), vd::input_error);
    REQUIRE(after.limits() == s.limits());
}
