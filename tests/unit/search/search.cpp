#include "catch.hpp"
#include "laws/optimizer.hpp"
#include "studies.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <set>
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

// Backwards, to show that the order of evaluation means nothing.
struct backwards {
    std::size_t calls = 0;
    template <class Task>
    void operator()(std::size_t n, const Task& task) {
        ++calls;
        while (n > 0) task(--n);
    }
};

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
    const study<vd::nsga2<>>::options options{.trials = 60, .seed = 5, .optimizer = {.population = 10}};
    backwards mine;
    REQUIRE(same(s.run(options), s.run_on(mine, options)));
    REQUIRE(mine.calls >= 6);
    REQUIRE(same(s.run(options), s.run_on(vd::serial_executor{}, options)));
}

TEST_CASE("a batch evaluator finds what a single one does, with as many points at once as the optimizer asks for", "[search]") {
    const auto options = study<vd::nsga2<>>::options{.trials = 60, .seed = 5, .optimizer = {.population = 10}};
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

    auto session = study<stubborn>::session();
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
    REQUIRE(random.reason() == vd::stop_reason::exhausted);
    REQUIRE(random.trials().size() == points.size()); // the seed is fixed; the chance to miss one is 192 * (191/192)^(51 * 64), below 1e-5
    const auto evolved = study<vd::nsga2<>>{measure, power}.run({.trials = 1000, .optimizer = {.population = 20}});
    REQUIRE(evolved.trials().size() == points.size());
    REQUIRE(evolved.front().size() == all.front().size());

    const study<laws::optimizer_archetype> stuck{measure, power};
    const auto one = stuck.run({.trials = 10, .patience = 4});
    REQUIRE(one.trials().size() == 1);
    REQUIRE(one.repeated() == 4);
    REQUIRE(stuck.run({.trials = 10, .patience = 0}).repeated() == 0);
}

TEST_CASE("no trials asked for is a search, too", "[search]") {
    recorder watched;
    const auto nothing = study<vd::nsga2<>>{measure, power}.run({.trials = 0}, watched);
    REQUIRE(nothing.trials().empty());
    REQUIRE(nothing.empty());
    REQUIRE(nothing.reason() == vd::stop_reason::trials);
    REQUIRE(nothing.hypervolume() == 0.0);
    REQUIRE(watched.seen == std::vector<std::string>{"started 0/0", "finished 0"});
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
