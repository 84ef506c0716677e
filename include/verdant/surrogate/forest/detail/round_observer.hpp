#pragma once

#include <verdant/meta/callable_address.hpp>

#include <type_traits>

namespace verdant::surrogate::detail {

/// Who is told each round of a fit, without its type.
template <class Round>
class round_observer {
public:
    /// @param observe returns nothing, or whether to go on; outlives this
    template <class F>
        requires(!std::is_same_v<std::remove_const_t<F>, round_observer>)
    explicit round_observer(F& observe) : observe_{verdant::detail::callable_address(observe)}, call_{&call<F>} {}

    /// Whether to go on.
    [[nodiscard]] bool operator()(const Round& round) const { return call_(observe_, round); }

private:
    template <class F>
    static bool call(void* observe, const Round& round) {
        if constexpr (std::is_void_v<std::invoke_result_t<F&, const Round&>>) {
            verdant::detail::callable_at<F>(observe)(round);
            return true;
        } else return static_cast<bool>(verdant::detail::callable_at<F>(observe)(round));
    }
    void* observe_;
    bool (*call_)(void*, const Round&);
};

} // namespace verdant::surrogate::detail
