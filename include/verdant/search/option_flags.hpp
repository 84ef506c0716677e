#pragma once

#include <verdant/meta/members.hpp>

#include <string>
#include <string_view>
#include <type_traits>

/// The flags of a command line that set the options of an optimizer.
namespace verdant {

/// The flag of an option: `--crossover-probability` of `crossover_probability`, `--mutation-rate` of `mutation.rate`.
[[nodiscard]] inline std::string option_flag(std::string_view name) {
    std::string text = "--";
    for (const char c : name) text += c == '_' || c == '.' ? '-' : c;
    return text;
}

namespace detail {

template <class Add>
class flag_binder {
public:
    explicit flag_binder(Add& add) : add_{add} {}
    void type(const std::string&, std::string_view) const {}
    template <class T>
    void value(const std::string& name, T& value) const {
        add_(option_flag(name), value);
    }
    template <class T>
    void unrecorded(const std::string& name, T& value) const {
        if constexpr (plain_option<T>) add_(option_flag(name), value);
    }

private:
    Add& add_;
};

} // namespace detail

/// Gives a command line the options of an optimizer, as they are described (meta/members.hpp). With CLI11:
///
///     verdant::nsga2<>::options options;
///     verdant::bind_options(options, [&](const std::string& flag, auto& value) { app.add_option(flag, value); });
///
/// The values that the options have now are the defaults. Types of policies are no flags, since they are chosen when the program is compiled.
/// @param options outlives the parsing, which writes into it
/// @param add     called with the flag and the number, truth value, enumerator or text that it sets, in the order of the description
template <described_struct Options, class Add>
void bind_options(Options& options, Add&& add) {
    static_assert(detail::description_check<Options>::value);
    for_each_option(options, detail::flag_binder<std::remove_reference_t<Add>>{add});
}

} // namespace verdant
