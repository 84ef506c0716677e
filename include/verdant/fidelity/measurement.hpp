#pragma once

#include <verdant/error.hpp>
#include <verdant/fidelity/detail/checkpoint_folder.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// What an evaluator is told of the measurement that it makes, and what it can say meanwhile.
namespace verdant {

/// Whether a measurement goes on.
enum class measurement_step : std::uint8_t {
    go_on,
    stop, ///< the values reported last are those of the trial
};

namespace detail {

/// A metric by its name, in SI units.
struct named_value {
    std::string_view name{};
    double value = 0;
};

/// What takes reports; one for each measurement.
class report_sink {
public:
    virtual measurement_step report(double share, std::span<const named_value> values) = 0;
    virtual void started_over() = 0;
    virtual void cannot_go_on(const std::exception_ptr&) {}

protected:
    ~report_sink() = default;
};

template <class Record>
struct named_values;
template <class... M>
struct named_values<metrics<M...>> {
    [[nodiscard]] static std::array<named_value, sizeof...(M)> of(const metrics<M...>& record) {
        return {named_value{M::name(), to_si<typename M::value_type>(record.template get<M>())}...};
    }
};

} // namespace detail

/// A measurement of a point at a fidelity, from the side of the evaluator:
///
///     metrics<accuracy> operator()(const point<net>& p, measurement<epochs>& m) const {
///         auto training = m.reached() > 0 ? load(m.folder()) : begin(p, m.random());
///         while (training.epoch() < m.value()) {
///             const auto now = training.one_epoch();
///             if (m.report(training.epoch(), metrics<accuracy>{now}) == measurement_step::stop) break;
///         }
///         save(training, m.folder());
///         return training.accuracy();
///     }
///
/// @tparam Scale a struct derived from `fidelity_scale<...>`
template <fidelity_scale_like Scale>
class measurement {
public:
    using value_type = typename Scale::value_type;

    /// Made by a multi-fidelity search.
    /// @param share   of a whole evaluation
    /// @param reached the share that the trial was measured at before
    /// @param seed    of the trial's random stream
    /// @param folder  for what trials keep between measurements; empty for none
    measurement(std::uint64_t number, double share, double reached, std::uint64_t seed, std::string_view folder, detail::report_sink& sink)
        : number_{number}, share_{share}, reached_{reached}, random_{seed}, folder_{folder}, sink_{sink} {}
    measurement(const measurement&) = delete;
    measurement& operator=(const measurement&) = delete;

    /// The number of the trial: the same in all its measurements.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    /// The fidelity to measure at.
    [[nodiscard]] value_type value() const { return Scale::value_at(share_); }
    /// The same as a share of a whole evaluation.
    [[nodiscard]] double share() const noexcept { return share_; }
    /// The fidelity that the trial was measured at before; 0 for none. Whoever kept its state goes on from there.
    [[nodiscard]] value_type reached() const { return Scale::value_at(reached_); }
    /// The trial's own random stream: it begins anew in each measurement, with the same numbers.
    [[nodiscard]] random_stream& random() noexcept { return random_; }

    /// A folder of this trial alone, which is there when this returns; empty where the search was given none. All its measurements see the same one,
    /// whichever process makes them, where the folder of the search is on a disk that they share.
    /// @throws file_error where it cannot be made
    [[nodiscard]] std::string folder() const {
        if (folder_.empty()) return {};
        auto mine = folder_ + "/trial-" + std::to_string(number_);
        detail::make_folder(mine);
        return mine;
    }
    /// Says that this measurement began at nothing, although the trial was measured before: its state was lost, or there never was any. Its cost is
    /// that of the whole way then.
    void started_over() { sink_.started_over(); }
    /// Says that something is wrong that is nothing of the trial's, such as a full disk: the run ends by this exception, and the measurement is not
    /// taken note of, so that a run that goes on with the study makes it again. Throw it then. For threads of the process that searches: elsewhere it
    /// is the failure of the trial.
    void cannot_go_on(const std::exception_ptr& why) { sink_.cannot_go_on(why); }

    /// Reports values on the way. Those of evaluators that know no fidelity are added, so that policies can judge.
    /// @param at behind the report before, at most `value()`
    /// @param values of the metrics that this evaluator gives
    /// @returns whether to go on; after `stop` return, whatever with
    /// @throws input_error for a fidelity that is not in between
    template <class... M>
    measurement_step report(value_type at, const metrics<M...>& values) {
        auto share = Scale::share_of(at);
        if (!(share > last_ && share <= share_ * (1 + 1e-12)))
            throw input_error{"measurement", "report at " + rounded_text(static_cast<double>(at)),
                              "a fidelity above that of the report before, at most that of the measurement", rounded_text(static_cast<double>(at))};
        share = std::min(share, share_); // 0.1 + 0.1 + 0.1 is more than 0.3
        last_ = share;
        const auto named = detail::named_values<metrics<M...>>::of(values);
        return sink_.report(share, named);
    }

private:
    std::uint64_t number_;
    double share_, reached_, last_ = 0;
    random_stream random_;
    std::string folder_;
    detail::report_sink& sink_;
};

} // namespace verdant
