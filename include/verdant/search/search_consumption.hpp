#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a search itself consumed, and who says so.
namespace verdant {

/// What one worker process consumed of what a search did.
struct consumption_share {
    std::string worker{}; ///< its host and process
    si::energy processors{}, graphics{}, memory{};
    si::mass emitted{};

    [[nodiscard]] si::energy energy() const { return processors + graphics + memory; }
    friend bool operator==(const consumption_share&, const consumption_share&) = default;
};

/// Whether storages can keep it: it is the beginning of a method.
[[nodiscard]] inline bool is_worker_name(std::string_view name) { return !name.empty() && name.find("; ") == name.npos; }

/// The shares of workers, each once, in the order in which they came. Inside it has lists of names and numbers, which a program has anyway: what one
/// of shares would cost it to compile, all searches would pay.
class consumption_shares {
public:
    class iterator {
    public:
        iterator(const consumption_shares& of, std::size_t at) : of_{&of}, at_{at} {}
        consumption_share operator*() const { return (*of_)[at_]; }
        iterator& operator++() {
            ++at_;
            return *this;
        }
        friend bool operator==(const iterator&, const iterator&) = default;

    private:
        const consumption_shares* of_;
        std::size_t at_;
    };

    [[nodiscard]] std::size_t size() const noexcept { return workers_.size(); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// @pre there are more than `i`
    [[nodiscard]] consumption_share operator[](std::size_t i) const {
        const auto* n = numbers_.data() + 4 * i;
        return {workers_[i], si::energy::from_value(n[0]), si::energy::from_value(n[1]), si::energy::from_value(n[2]), si::mass::from_value(n[3])};
    }
    [[nodiscard]] iterator begin() const { return {*this, 0}; }
    [[nodiscard]] iterator end() const { return {*this, size()}; }

    /// Of a worker that is there already, in addition to what it has.
    void add(const consumption_share& one) {
        std::size_t i = 0;
        while (i < size() && workers_[i] != one.worker) ++i;
        if (i == size()) {
            workers_.push_back(one.worker);
            numbers_.resize(4 * size());
        }
        auto* n = numbers_.data() + 4 * i;
        n[0] += one.processors.value();
        n[1] += one.graphics.value();
        n[2] += one.memory.value();
        n[3] += one.emitted.value();
    }
    friend bool operator==(const consumption_shares&, const consumption_shares&) = default;

private:
    std::vector<std::string> workers_;
    std::vector<double> numbers_; ///< of each worker joules of processors, graphics and memory, and kg
};

/// Energy and carbon of a search, of one run or of several that went on with each other. By the definitions of CodeCarbon
/// (github.com/mlco2/codecarbon, docs/source/methodology.rst): the energy is that of processors, graphics cards and memory, the emissions are that
/// times the intensity of the grid.
struct search_consumption {
    si::time took{}; ///< how long it was metered
    si::energy processors{}; ///< of which each is 0 where it is not metered, and `method` says so
    si::energy graphics{};
    si::energy memory{};
    si::mass emitted{}; ///< CO2 equivalent, each run with the intensity that it was given
    std::string method{}; ///< how it was found out, in words; of runs that did it in different ways, all of them
    std::uint64_t runs = 1; ///< 0: the share of a worker, as storages keep it behind its run; its `method` begins with the worker and "; "
    /// What workers in other processes consumed while they evaluated, by meters of their own: part of the above.
    consumption_shares workers{};

    /// The energy of all together.
    [[nodiscard]] si::energy energy() const { return processors + graphics + memory; }

    /// Adds other runs, or the share of a worker: its time passed in a run that counts already.
    template <std::same_as<search_consumption> Same>
    search_consumption& operator+=(const Same& more) {
        if (more.runs == 0 && more.workers.empty() && !more.method.empty())
            workers.add({more.method.substr(0, more.method.find("; ")), more.processors, more.graphics, more.memory, more.emitted});
        for (const auto& one : more.workers) workers.add(one);
        if (more.runs > 0) {
            if (runs == 0) method = more.method;
            else if (method.find(more.method) == std::string::npos) method += "; also: " + more.method;
            took += more.took;
        }
        processors += more.processors;
        graphics += more.graphics;
        memory += more.memory;
        emitted += more.emitted;
        runs += more.runs;
        return *this;
    }
    friend bool operator==(const search_consumption&, const search_consumption&) = default;
};

/// By which counters a meter counts, so that what several meters say of the same counts once: names, one a line. What goes on behind a '/' is a part
/// of what is before it: who counts `a/1` counts `a/1/7`, too, such as a process its children. Empty: what no other meter counts.
struct metered_scope {
    std::string processors{}, graphics{}, memory{};

    friend bool operator==(const metered_scope&, const metered_scope&) = default;
};

/// What a worker process consumed, by its own meter, while it evaluated what it says with it.
struct worker_consumption {
    std::string worker{};
    search_consumption used{.runs = 0}; ///< without workers of its own
    metered_scope scope{};

    friend bool operator==(const worker_consumption&, const worker_consumption&) = default;
};

namespace detail {

/// What was consumed between two moments, by what one meter said at both.
template <class = instantiated_when_used>
[[nodiscard]] search_consumption consumed_since(const search_consumption& before, const search_consumption& now) {
    search_consumption out = now;
    // Never below nothing: counters of some cards begin anew.
    const auto rest = [](auto later, auto earlier) { return later > earlier ? later - earlier : decltype(later){}; };
    out.took = rest(now.took, before.took);
    out.processors = rest(now.processors, before.processors);
    out.graphics = rest(now.graphics, before.graphics);
    out.memory = rest(now.memory, before.memory);
    out.emitted = rest(now.emitted, before.emitted);
    return out;
}

/// A sum as storages keep it: the run, or runs, and behind it the shares of its workers.
/// @tparam Row `search_consumption`
template <class Row>
[[nodiscard]] std::vector<Row> consumption_rows(const Row& all) {
    std::vector<Row> rows{{.took = all.took,
                           .processors = all.processors,
                           .graphics = all.graphics,
                           .memory = all.memory,
                           .emitted = all.emitted,
                           .method = all.method,
                           .runs = all.runs}};
    for (const auto& w : all.workers) {
        Row share{.processors = w.processors, .graphics = w.graphics, .memory = w.memory, .emitted = w.emitted, .method = w.worker, .runs = 0};
        rows[0] = consumed_since(share, rows[0]);
        rows.push_back(std::move(share));
    }
    return rows;
}

/// What the process that searched emitted of a row of a storage: none of the share of a worker, and of runs all but the shares in them.
template <class = instantiated_when_used>
[[nodiscard]] si::mass emitted_alone(const search_consumption& row) {
    if (row.runs == 0) return {};
    auto rest = row.emitted;
    for (const auto& share : row.workers) rest = rest - share.emitted;
    return rest;
}

/// What a meter counts, if it says so.
template <class Meter>
[[nodiscard]] metered_scope scope_of(Meter& meter) {
    if constexpr (requires {
                      { meter.scope() } -> std::same_as<metered_scope>;
                  })
        return meter.scope();
    else return {};
}

/// An observer that knows what the run has consumed so far, such as `carbon::consumption_meter`.
template <class O>
concept meters = requires(O& o) {
    { o.consumption() } -> std::same_as<search_consumption>;
};

} // namespace detail

} // namespace verdant
