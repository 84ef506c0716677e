// Agreement of processes, and one type for several kinds of them.

#include <verdant/error.hpp>
#include <verdant/nn/processes/agreed.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/processes/failed.hpp>
#include <verdant/nn/processes/one_of.hpp>

#include "catch.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace nn = verdant::nn;
using Catch::Contains;

namespace {

// One of two processes; what the other one gathers is known beforehand.
struct one_of_two {
    int own_rank = 0;
    double status_of_other = 0;

    [[nodiscard]] int rank() const { return own_rank; }
    [[nodiscard]] static int size() { return 2; }
    static void all_reduce(at::Tensor& t) { t.mul_(2); }
    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const {
        const auto other = at::full({1}, status_of_other, t.options());
        return own_rank == 0 ? at::cat({t, other}) : at::cat({other, t});
    }
    static void broadcast(at::Tensor& t, int root) { t.fill_(root); }
    static void barrier() {}
};
static_assert(nn::communicator<one_of_two>);

nn::failure described(const std::exception_ptr& e) {
    try {
        std::rethrow_exception(e);
    } catch (const verdant::input_error& wrong) { return {2, wrong.what()}; } catch (const std::exception& wrong) {
        return {1, wrong.what()};
    }
}

template <class Processes, class Work>
nn::failure failure_of(const Processes& all, const Work& work) {
    try {
        (void)nn::agreed(all, work, described);
    } catch (const nn::failed& f) { return {f.status(), f.text()}; }
    return {0, ""};
}

} // namespace

TEST_CASE("Work that succeeds everywhere gives its result", "[processes]") {
    CHECK(nn::agreed(nn::single_process{}, [] { return 7; }, described) == 7);
    CHECK(*nn::agreed(one_of_two{}, [] { return std::make_unique<int>(3); }, described) == 3);
}

TEST_CASE("Where work fails in a process, all end, and the first one has something to say", "[processes]") {
    const auto works = [] { return 1; };
    const auto fails = []() -> int { throw verdant::input_error{"a.csv", "", "a table", "nothing"}; };
    const auto breaks = []() -> int { throw std::runtime_error{"broken"}; };
    CHECK(failure_of(nn::single_process{}, fails).text == "verdant: a.csv: expected a table, found nothing");
    CHECK(failure_of(nn::single_process{}, breaks).status == 1);
    // Here alone.
    CHECK(failure_of(one_of_two{0, 0}, fails).status == 2);
    CHECK_FALSE(failure_of(one_of_two{1, 0}, fails).text.empty());
    // There alone: this one ends too, and is silent.
    CHECK(failure_of(one_of_two{0, 2}, works).status == 2);
    CHECK(failure_of(one_of_two{0, 2}, works).text.empty());
    // In both: the first one speaks, with its own status.
    CHECK_FALSE(failure_of(one_of_two{0, 1}, fails).text.empty());
    CHECK(failure_of(one_of_two{0, 1}, fails).status == 2);
    CHECK(failure_of(one_of_two{1, 2}, breaks).text.empty());
    CHECK(failure_of(one_of_two{1, 2}, breaks).status == 2);
}

TEST_CASE("What was agreed upon within agreed work passes through", "[processes]") {
    const auto inner = []() -> int { throw nn::failed{{5, "said here"}, 1}; };
    try {
        (void)nn::agreed(one_of_two{0, 0}, inner, described);
        FAIL("nothing was thrown");
    } catch (const nn::failed& f) {
        CHECK(f.status() == 5);
        CHECK(f.rank() == 1);
        CHECK_THAT(f.what(), Contains("process 1 failed: said here"));
    }
}

TEST_CASE("Kinds of processes have one type", "[processes]") {
    using either = nn::one_of<nn::single_process, one_of_two>;
    static_assert(nn::communicator<either>);
    const either alone, both{one_of_two{1, 4}};
    CHECK(alone.size() == 1);
    CHECK(alone.rank() == 0);
    CHECK(both.size() == 2);
    CHECK(both.rank() == 1);
    auto t = at::full({1}, 3.0, at::kDouble);
    alone.all_reduce(t);
    CHECK(t.item<double>() == 3);
    both.all_reduce(t);
    CHECK(t.item<double>() == 6);
    CHECK(both.all_gather(t).size(0) == 2);
    CHECK(both.all_gather(t)[0].item<double>() == 4);
    both.broadcast(t, 9);
    CHECK(t.item<double>() == 9);
    alone.barrier();
    both.barrier();
}
