#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Collects sub-networks with their accuracies, to train predictors with.
namespace verdant::spaces {

/// How sub-networks are collected; the defaults are published (create_moofa_predictor_dataset.py).
struct accuracy_collection_options {
    double low = 250'000, high = 800'000; ///< peak memory in elements, from the first on, below the second
    std::size_t ranges = 15;              ///< of equal length between the two
    std::size_t samples = 2000;           ///< of all ranges together; each gets the same number, rounded down
    std::uint64_t attempts = 1'000'000;   ///< draws
    std::uint64_t patience = 1000;        ///< draws without a hit in some range after which small expansions are preferred
    double smallest_share = 0.8;          ///< then an expansion is the smallest of the list with this probability, else the second smallest
    std::size_t save_every = 10;          ///< samples
    std::uint64_t seed = 0;
};

/// The samples that were collected to train a predictor, and whether every range has its own.
template <elastic_space S>
struct accuracy_collection {
    std::vector<accuracy_record<S>> records; ///< in the order of their draws
    std::vector<std::size_t> counts;         ///< of each range
    bool complete = false;                   ///< every range has its samples
};

namespace detail {

/// Draws sub-networks and knows which ranges want them. Draw `a` depends on the seed, on `a`, and on which earlier draws were hits; so the hits are
/// the whole state, and a collection that is resumed goes on as if it had not stopped.
template <spaces::elastic_space S>
class balanced_draws {
public:
    explicit balanced_draws(const spaces::accuracy_collection_options& o) : options_{o}, counts_(o.ranges), last_hit_(o.ranges) {
        constexpr std::string_view source = "accuracy collection";
        require_not_negative(source, "low", o.low);
        require_positive(source, "high", o.high);
        if (!(o.low < o.high)) throw input_error{source, "high", "a number above low, " + exact_text(o.low), exact_text(o.high)};
        require_count(source, "ranges", o.ranges, 1);
        require_count(source, "samples", o.samples, o.ranges); // one for each
        require_count(source, "save_every", o.save_every, 1);
        require_share(source, "smallest_share", o.smallest_share);
    }

    /// The sub-network of a draw. Expansions are in the list's order, so the smallest are looked for.
    [[nodiscard]] typename S::arch_type draw(std::uint64_t attempt) const {
        auto random = random_stream::derive(options_.seed, attempt);
        const auto pick = [&random]<class D>(std::type_identity<D>) { return D::value(static_cast<std::size_t>(random.below(D::size))); };
        typename S::arch_type a{};
        for (auto& k : a.ks) k = static_cast<int>(pick(std::type_identity<typename S::kernels>{}));
        for (auto& e : a.e) e = static_cast<double>(pick(std::type_identity<typename S::expands>{}));
        for (std::size_t s = 0; s < S::stages; ++s)
            a.d[s] = std::min(static_cast<int>(pick(std::type_identity<typename S::depths>{})), S::family.stages[s].blocks);
        a.image_size = static_cast<int>(pick(std::type_identity<typename S::images>{}));
        if (starved(attempt)) {
            std::array<double, S::expands::size> list{};
            for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<double>(S::expands::value(i));
            std::sort(list.begin(), list.end());
            for (auto& e : a.e) e = random.chance(options_.smallest_share) ? list[0] : list[list.size() > 1 ? 1 : 0];
        }
        return a;
    }
    /// The range of a peak that wants another sample, or none.
    [[nodiscard]] std::optional<std::size_t> wanting(std::int64_t peak) const {
        const auto x = static_cast<double>(peak);
        if (!(x >= options_.low && x < options_.high)) return std::nullopt;
        const auto range = std::min(options_.ranges - 1, static_cast<std::size_t>((x - options_.low) / (options_.high - options_.low) *
                                                                                  static_cast<double>(options_.ranges)));
        if (full(range)) return std::nullopt;
        return range;
    }
    void hit(std::size_t range, std::uint64_t attempt) {
        ++counts_[range];
        last_hit_[range] = attempt;
    }
    [[nodiscard]] bool complete() const {
        for (std::size_t r = 0; r < options_.ranges; ++r)
            if (!full(r)) return false;
        return true;
    }
    [[nodiscard]] const std::vector<std::size_t>& counts() const noexcept { return counts_; }

private:
    [[nodiscard]] bool full(std::size_t range) const { return counts_[range] >= options_.samples / options_.ranges; }
    /// Whether some range has waited for too long. The original counts full ranges, too, and so never leaves this mode once it is in it.
    [[nodiscard]] bool starved(std::uint64_t attempt) const {
        for (std::size_t r = 0; r < options_.ranges; ++r)
            if (!full(r) && attempt - last_hit_[r] > options_.patience) return true;
        return false;
    }

    spaces::accuracy_collection_options options_;
    std::vector<std::size_t> counts_;
    std::vector<std::uint64_t> last_hit_;
};

} // namespace detail

/// Measures sub-networks whose peak memory covers an interval evenly, to train an accuracy predictor with, and keeps them in a table (see
/// `write_accuracy_table`). What the table has already is not measured again, and a collection that was interrupted goes on as it would have.
/// Unlike the original's, image sizes come from the space in every branch.
/// @param path     of the table; written after every `save_every` samples and at the end, whole each time
/// @param accuracy (const arch&) -> share of right answers: for a supernet, extract, calibrate, evaluate
/// @param progress (const accuracy_record&, std::size_t samples so far), after each sample. What this or `accuracy` throws ends the collection, with
/// all samples before it in the table
/// Throws file_error; input_error for options out of range, for an accuracy that is not a share from 0 to 1, and for a table that another seed, space
/// or other options have made.
template <elastic_space S, class Accuracy, class Progress>
accuracy_collection<S> collect_accuracies(const std::string& path, Accuracy&& accuracy, const accuracy_collection_options& o, Progress&& progress) {
    using record = accuracy_record<S>;
    verdant::spaces::detail::balanced_draws<S> draws{o};
    accuracy_collection<S> out;
    const auto peak_of = [](const typename S::arch_type& a) { return workload::peak_memory(net_of(S::family, a)); };
    std::uint64_t attempt = 0;
    if (std::filesystem::exists(path)) {
        out.records = read_accuracy_table<S>(path);
        for (std::size_t i = 0; i < out.records.size(); ++i) {
            const auto& x = out.records[i];
            const auto range = draws.wanting(x.peak_memory);
            if ((i > 0 && x.attempt < attempt) || x.attempt >= o.attempts || !range || !(draws.draw(x.attempt) == x.arch) ||
                peak_of(x.arch) != x.peak_memory)
                throw input_error{path, "sample " + std::to_string(i + 1), "the sub-network that this seed, space and options draw", "another"};
            draws.hit(*range, x.attempt);
            attempt = x.attempt + 1;
        }
    }
    std::size_t unsaved = 0;
    for (; attempt < o.attempts && !draws.complete(); ++attempt) {
        record x{.arch = draws.draw(attempt), .attempt = attempt};
        x.peak_memory = peak_of(x.arch);
        const auto range = draws.wanting(x.peak_memory);
        if (!range) continue;
        try {
            x.accuracy = static_cast<double>(accuracy(std::as_const(x.arch)));
            if (!(x.accuracy >= 0 && x.accuracy <= 1)) // such as one in per cent, or of a network that gives NaN
                throw input_error{"accuracy collection", "draw " + std::to_string(attempt), "an accuracy that is a share from 0 to 1",
                                  exact_text(x.accuracy)};
            draws.hit(*range, attempt);
            out.records.push_back(x);
            if (++unsaved == o.save_every) {
                write_accuracy_table<S>(path, out.records);
                unsaved = 0;
            }
            progress(std::as_const(out.records.back()), out.records.size());
        } catch (const file_error&) { throw; } catch (...) {
            if (unsaved > 0) write_accuracy_table<S>(path, out.records);
            throw;
        }
    }
    if (unsaved > 0) write_accuracy_table<S>(path, out.records);
    out.counts = draws.counts();
    out.complete = draws.complete();
    return out;
}
template <elastic_space S, class Accuracy>
accuracy_collection<S> collect_accuracies(const std::string& path, Accuracy&& accuracy, const accuracy_collection_options& o = {}) {
    return collect_accuracies<S>(path, accuracy, o, [](const accuracy_record<S>&, std::size_t) {});
}

} // namespace verdant::spaces
