#pragma once

#include <verdant/search/search_consumption.hpp>
#include <verdant/search/worker_shares.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

/// What a run consumes, by its meter and by those of its workers.
namespace verdant::detail {

/// What a run consumes, by whatever meter: what adds it up is compiled only where there is one.
class run_metering {
public:
    /// Takes the run and, behind it, a row for each worker; gives the sum of all runs.
    using taker = search_consumption (*)(void* recorder, const search_consumption* rows, std::size_t count);

    run_metering() = default;
    run_metering(const run_metering&) = delete;
    run_metering& operator=(const run_metering&) = delete;
    virtual ~run_metering() = default;

    /// What a worker in another process consumed for a job.
    virtual void add(const worker_consumption& used) = 0;
    /// One has no meter.
    void note_silent() { silent_ = true; }
    /// One was lost with a job.
    void note_lost() { lost_ = true; }

    /// This run alone, with its workers.
    [[nodiscard]] virtual search_consumption sum() const = 0;
    [[nodiscard]] virtual search_consumption give(void* recorder, taker take) const = 0;

protected:
    bool silent_ = false, lost_ = false; // NOLINT(*-non-private-member-variables-in-classes)
};

/// @tparam Meter an observer that has `consumption()`; not owned
template <class Meter, class Row = search_consumption>
class metering_by final : public run_metering {
public:
    explicit metering_by(Meter& meter) : meter_{meter} {}

    void add(const worker_consumption& used) override { workers_.add(used); }
    [[nodiscard]] Row sum() const override {
        Row all{.runs = 0};
        for (const auto& one : rows()) all += one;
        return all;
    }
    [[nodiscard]] Row give(void* recorder, taker take) const override {
        const auto all = rows();
        return take(recorder, all.data(), all.size());
    }

private:
    /// The run, and behind it each of its workers.
    [[nodiscard]] std::vector<Row> rows() const {
        auto one = meter_.consumption();
        // Without their number, which differs from run to run: the methods of runs are compared, and different ones listed.
        if (!workers_.empty()) one.method += "; workers in other processes by meters of their own, while they evaluated";
        if (silent_)
            one.method += std::string{workers_.empty() ? "; workers" : "; some workers"} +
                          " in other processes are not counted, but for what the meter sees of this machine";
        if (lost_) one.method += "; workers were lost, and what they consumed for the trials that they were lost with is not counted";
        bool twice = false;
        auto shares = workers_.rows(scope_of(meter_), &twice);
        if (twice) one.method += "; some workers count, beside what is theirs, what this meter counts, too: that is in the sum twice";
        std::vector<Row> all{one};
        for (auto& share : shares) all.push_back(std::move(share));
        return all;
    }

    Meter& meter_;
    basic_worker_shares<worker_consumption, Row> workers_; ///< that came through a board or by messages, and meter themselves
};

} // namespace verdant::detail
