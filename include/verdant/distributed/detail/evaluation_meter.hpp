#pragma once

#include <verdant/search/search_consumption.hpp>

#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

namespace verdant::detail {

/// A worker without a meter.
struct no_meter {};

/// This process as reports name it: the name of its machine, and its number there.
[[nodiscard]] inline std::string process_name() {
    char host[256]{};
    if (::gethostname(host, sizeof host - 1) != 0 || host[0] == 0) return "process " + std::to_string(::getpid());
    return std::string{host} + ' ' + std::to_string(::getpid());
}

/// What a worker consumes while it evaluates, from one `begin` to the next `end`. Where it waits it counts nothing: that may be for the next search.
/// @tparam Meter an observer that has `consumption()`, or `no_meter`
template <class Meter>
class evaluation_meter {
public:
    /// @param worker what reports call it @param meter not owned
    evaluation_meter(std::string worker, Meter& meter) : worker_{std::move(worker)}, meter_{meter} {}

    void begin() {
        if constexpr (meters<Meter>) before_ = meter_.consumption();
    }
    /// Null without a meter; until the next call.
    [[nodiscard]] const worker_consumption* end() {
        if constexpr (meters<Meter>) {
            last_ = {.worker = worker_, .used = consumed_since(before_, meter_.consumption()), .scope = scope_of(meter_)};
            last_.used.runs = 0;
            return &last_;
        } else return nullptr;
    }

private:
    std::string worker_;
    Meter& meter_;
    search_consumption before_{};
    worker_consumption last_{};
};

} // namespace verdant::detail
