#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace verdant::detail {

/// Checks the probabilities among the described options of a crossover or mutation.
class probability_check {
public:
    /// @param source the optimizer
    explicit probability_check(std::string_view source) : source_{source} {}

    void type(const std::string&, std::string_view) const {}
    template <class T>
    void value([[maybe_unused]] const std::string& name, [[maybe_unused]] const T& value) const {
        if constexpr (std::floating_point<T>)
            if (name == "swap" || name.ends_with("rate") || name.ends_with("probability")) require_share(source_, prefix_ + name, value);
    }
    template <class T>
    void unrecorded(const std::string& name, const T& given) const {
        value(name, given);
    }

    /// @param name of the policy among the options, before its own
    /// @throws input_error for a described number called `swap`, `...rate` or `...probability` that is not from 0 to 1
    template <class Policy>
    void operator()(std::string_view name, const Policy& policy) {
        prefix_ = std::string{name} + '.';
        if constexpr (described_struct<Policy>) for_each_option(policy, *this);
    }

private:
    std::string_view source_;
    std::string prefix_{};
};

} // namespace verdant::detail
