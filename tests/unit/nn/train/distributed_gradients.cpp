#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/gradient_checkpointing.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/locked_towers.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"
#include "laws/communicator.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

/// Threads that stand for processes: each leaves its tensor where all see it, and all form the sum in the order of ranks.
struct meeting {
    explicit meeting(int threads) : slots(static_cast<std::size_t>(threads)), point(threads) {}
    std::vector<at::Tensor> slots;
    std::barrier<> point;
};

struct thread_communicator {
    meeting* shared;
    int mine;

    [[nodiscard]] int rank() const { return mine; }
    [[nodiscard]] int size() const { return static_cast<int>(shared->slots.size()); }
    [[nodiscard]] std::vector<at::Tensor> exchange(const at::Tensor& t) const {
        shared->slots[static_cast<std::size_t>(mine)] = t.detach().clone();
        shared->point.arrive_and_wait();
        auto all = shared->slots;
        shared->point.arrive_and_wait();
        return all;
    }
    void all_reduce(at::Tensor& t) const {
        const auto all = exchange(t);
        auto sum = all[0].clone();
        for (std::size_t i = 1; i < all.size(); ++i) sum.add_(all[i]);
        t.detach().copy_(sum);
    }
    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const { return at::cat(exchange(t)); }
    void broadcast(at::Tensor& t, int root) const { t.detach().copy_(exchange(t)[static_cast<std::size_t>(root)]); }
    void barrier() const { shared->point.arrive_and_wait(); }
};

/// Runs `work(communicator)` in as many threads.
void together(int processes, const std::function<void(const thread_communicator&)>& work) {
    meeting shared{processes};
    std::vector<std::thread> threads;
    for (int r = 0; r < processes; ++r) threads.emplace_back([&, r] { work(thread_communicator{&shared, r}); });
    for (auto& t : threads) t.join();
}

const verdant::workload::clip_config small{.text = {2, 16, 32, 2, 8},
                                           .vision = {2, 24, 48, 3, 8},
                                           .patch = 4,
                                           .joint = 12,
                                           .image = 8,
                                           .context = 6,
                                           .vocabulary = 20,
                                           .nonlinearity = verdant::workload::activation::gelu};

nn::image_text_batch some_pairs(std::int64_t n) {
    auto stream = nn::generator(11);
    return {at::randn({n, 3, 8, 8}, stream), at::randint(1, 20, {n, 6}, stream, at::kLong)};
}

std::map<std::string, at::Tensor> gradients(const nn::clip_model& m) {
    std::map<std::string, at::Tensor> out;
    nn::for_each_parameter(m, [&](const std::string& name, const at::Tensor& t) { out[name] = t.grad().clone(); });
    return out;
}

nn::clip_model fresh(bool bias) {
    auto m = nn::random_clip(small, 2);
    if (bias) nn::init_for_siglip(m);
    nn::require_grad(m);
    return m;
}

/// Largest difference of a gradient from that of one process with all pairs, relative to the largest number in it.
template <class Objective>
double largest_gap(const Objective& objective, bool bias, int processes, std::int64_t batches, const nn::gathering& how, double scale = 1) {
    const auto data = some_pairs(12);
    const auto whole_model = fresh(bias);
    auto alone = objective;
    const std::vector<nn::image_text_batch> whole{data};
    const double expected_loss = nn::accumulate_gradients(whole_model, std::span{whole}, alone);
    const auto expected = gradients(whole_model);
    std::vector<double> gaps(static_cast<std::size_t>(processes));
    std::vector<double> losses(static_cast<std::size_t>(processes));
    together(processes, [&](const thread_communicator& c) {
        const auto m = fresh(bias);
        auto mine = objective;
        std::vector<nn::image_text_batch> parts;
        const std::int64_t n = 12 / processes / batches;
        for (std::int64_t i = 0; i < batches; ++i) {
            const auto from = (c.rank() * batches + i) * n;
            parts.push_back({data.images.slice(0, from, from + n), data.ids.slice(0, from, from + n)});
        }
        const auto r = static_cast<std::size_t>(c.rank());
        losses[r] = nn::accumulate_gradients(c, m, std::span{std::as_const(parts)}, mine, how, scale);
        if (scale != 1) CHECK(nn::unscale_gradients(m, scale));
        for (const auto& [name, g] : gradients(m))
            gaps[r] = std::max(gaps[r], ((g - expected.at(name)).abs().max() / expected.at(name).abs().max()).template item<double>());
    });
    for (const double loss : losses) CHECK(loss == Approx(expected_loss).epsilon(1e-5));
    return *std::max_element(gaps.begin(), gaps.end());
}

} // namespace

TEST_CASE("one process, and threads that stand for several, obey the laws of communicators", "[nn]") {
    CHECK(laws::broken_communicator_law(nn::single_process{}) == "");
    for (const int processes : {1, 2, 3}) {
        std::vector<std::string> broken(static_cast<std::size_t>(processes));
        together(processes, [&](const thread_communicator& c) { broken[static_cast<std::size_t>(c.rank())] = laws::broken_communicator_law(c); });
        for (const auto& law : broken) CHECK(law == "");
    }
}

TEST_CASE("gradients of several processes are those of one with all pairs", "[nn]") {
    for (const bool local : {true, false})
        for (const int processes : {2, 3})
            for (const std::int64_t batches : {1, 2}) {
                INFO("local loss " << local << ", " << processes << " processes, " << batches << " batches");
                const nn::gathering how{.local_loss = local};
                CHECK(largest_gap(nn::contrastive_objective{}, false, processes, batches, how) < 1e-4);
                CHECK(largest_gap(nn::sigmoid_objective{}, true, processes, batches, how) < 1e-4);
                CHECK(largest_gap(nn::distillation_objective{nn::random_clip(small, 9)}, false, processes, batches, how) < 1e-4);
            }
}

TEST_CASE("the scale of a loss multiplies the gradients of several processes, not the loss", "[nn]") {
    for (const bool local : {true, false})
        for (const std::int64_t batches : {1, 2})
            CHECK(largest_gap(nn::contrastive_objective{}, false, 2, batches, {.local_loss = local}, 512) < 1e-4);
}

TEST_CASE("without gradients through the gathering, training is another", "[nn]") {
    // Features' gradients are a half of what they should be; those of the logit scale are not.
    CHECK(largest_gap(nn::contrastive_objective{}, false, 2, 1, {.local_loss = false, .with_gradient = false}) == Approx(0.5).epsilon(1e-3));
    CHECK(largest_gap(nn::contrastive_objective{}, false, 2, 1, {.local_loss = true, .with_gradient = false}) > 1e-2);
}

TEST_CASE("training in several processes ends with the weights of training in one", "[nn]") {
    const auto data = some_pairs(24);
    const nn::cosine_schedule schedule{1e-3, 2, 8};
    const auto quiet = [](const nn::training_progress&) {};
    const nn::training_options options{.steps = 8, .accumulated_batches = 2, .largest_gradient = 0.5};
    auto one = nn::random_clip(small, 1);
    auto optimizer = nn::adamw_of(one);
    nn::train(one, optimizer, nn::memory_batches{data.images, data.ids, 6, 5}, nn::contrastive_objective{}, schedule, options, quiet);
    std::vector<verdant::io::named_tensors> ends(2);
    std::vector<double> gaps(2);
    together(2, [&](const thread_communicator& c) {
        auto m = nn::random_clip(small, 1);
        auto mine = nn::adamw_of(m);
        nn::train(m, mine, nn::memory_batches{data.images, data.ids, 3, 5, {c.rank(), c.size()}}, nn::contrastive_objective{}, schedule, options,
                  quiet, c);
        const auto r = static_cast<std::size_t>(c.rank());
        ends[r] = nn::state_of(m);
        nn::for_each_parameter(one, [&](const std::string& name, const at::Tensor& t) {
            nn::for_each_parameter(m, [&](const std::string& other, const at::Tensor& u) {
                if (name == other) gaps[r] = std::max(gaps[r], (t - u).abs().max().item<double>());
            });
        });
    });
    CHECK(ends[0] == ends[1]);
    // Adam divides by the root of the mean square, so the last bits of a gradient near zero can turn a step; eight steps of 1e-3.
    CHECK(gaps[0] < 1e-4);
}

TEST_CASE("tensors are summed in buckets, whatever their types and sizes", "[nn]") {
    for (const std::int64_t bucket : {1, 40, 1 << 20}) {
        std::vector<double> sums(3);
        together(3, [&](const thread_communicator& c) {
            const std::vector<at::Tensor> tensors{at::full({3, 2}, 1.0 + c.rank()), at::full({5}, 2.0, at::kDouble),
                                                  at::full({}, c.rank(), at::kLong), at::full({4, 2}, 0.5).t(), at::full({0}, 1.0)};
            nn::all_reduce_sum(c, tensors, bucket);
            for (const auto& t : tensors) sums[static_cast<std::size_t>(c.rank())] += t.sum().item<double>();
            const std::vector<at::Tensor> told{at::full({2}, double(c.rank())), at::full({3}, 10.0 * c.rank())};
            nn::broadcast(c, told, 2, bucket);
            sums[static_cast<std::size_t>(c.rank())] += told[0].sum().item<double>() + told[1].sum().item<double>();
        });
        for (const double sum : sums) CHECK(sum == 36 + 30 + 3 + 12 + 64);
    }
}

TEST_CASE("processes share an epoch's batches: together they see what one with the larger batch sees", "[nn]") {
    const nn::distributed_sampler whole{23, 6, 4};
    REQUIRE(whole.size() == 3);
    for (std::int64_t epoch : {0, 1})
        for (std::int64_t i = 0; i < 3; ++i) {
            std::vector<std::int64_t> seen;
            for (int r = 0; r < 3; ++r) {
                const nn::distributed_sampler part{23, 2, 4, {r, 3}};
                CHECK(part.size() == 3);
                const auto rows = part(epoch, i);
                seen.insert(seen.end(), rows.begin(), rows.end());
            }
            CHECK(seen == whole(epoch, i));
        }
    CHECK(whole(0, 0) != whole(1, 0));
    CHECK_THROWS_AS((nn::distributed_sampler{5, 3, 0, {0, 2}}), verdant::input_error);
    CHECK_THROWS_AS((nn::distributed_sampler{5, 1, 0, {2, 2}}), verdant::input_error);
    CHECK_THROWS_AS((nn::distributed_sampler{5, 0}), verdant::input_error);
}

TEST_CASE("long gradients are shortened, short ones stay", "[nn]") {
    auto m = fresh(false);
    nn::for_each_parameter(m, [](const std::string& name, at::Tensor& t) {
        if (name == "logit_scale") t.mutable_grad() = at::full({}, 3.0);
        if (name == "text_projection") t.mutable_grad() = at::zeros_like(t.detach());
    });
    m.text.projection.mutable_grad()[0][0] = 4.0;
    CHECK(nn::gradient_norm(m) == Approx(5));
    CHECK(nn::clip_gradient_norm(m, 10) == Approx(5));
    CHECK(m.logit_scale.grad().item<double>() == 3);
    CHECK(nn::clip_gradient_norm(m, 1) == Approx(5));
    CHECK(nn::gradient_norm(m) == Approx(1));
    CHECK(m.logit_scale.grad().item<double>() == Approx(0.6));
}

TEST_CASE("locked towers, left out patches and checkpointed blocks are the same in several processes", "[nn]") {
    const auto data = some_pairs(24);
    const nn::constant_schedule schedule{1e-3, 2};
    const auto quiet = [](const nn::training_progress&) {};
    for (const nn::tower_locks& locks : {nn::tower_locks{}, nn::tower_locks{.image = true, .text = true, .unlocked_text_layers = 2},
                                         nn::tower_locks{.image = true, .text = true, .freeze_text_norms = true}})
        for (const std::int64_t together_batches : {1, 2}) {
            const nn::training_options options{.steps = 3, .accumulated_batches = together_batches, .dropped_patches = {0.5, 9}};
            const auto start = [&] {
                auto m = nn::to(nn::random_clip(small, 1), at::kCPU, at::kDouble);
                nn::lock_towers(m, locks);
                nn::use_gradient_checkpointing<nn::pure<at::kDouble>>(m);
                return m;
            };
            const auto run = [&](std::int64_t batch, const auto& processes) {
                auto m = start();
                auto optimizer = nn::adamw_of_trainable(m);
                nn::train<nn::pure<at::kDouble>>(m, optimizer,
                                                 nn::memory_batches{data.images, data.ids, batch, 5, {processes.rank(), processes.size()}},
                                                 nn::contrastive_objective{}, schedule, options, quiet, processes);
                return m;
            };
            const auto one = run(6, nn::single_process{});
            std::vector<double> gaps(2);
            together(2, [&](const thread_communicator& c) {
                const auto m = run(3, c);
                nn::for_each_parameter(one, [&](const std::string& name, const at::Tensor& t) {
                    nn::for_each_parameter(m, [&](const std::string& other, const at::Tensor& u) {
                        if (name != other) return;
                        auto& gap = gaps[static_cast<std::size_t>(c.rank())];
                        gap = std::max(gap, u.requires_grad() != t.requires_grad() ? 1 : (t - u).abs().max().item<double>());
                    });
                });
            });
            for (const double gap : gaps) CHECK(gap < 1e-9);
        }
}
