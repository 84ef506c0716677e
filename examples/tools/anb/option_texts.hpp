// Options of a fit as texts: `depth=3`.
#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/enum_name.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace anb {

namespace vd = verdant;

namespace detail {

/// The names of enumerators, which count from 0 on.
template <class Enum>
[[nodiscard]] std::vector<std::string> enumerator_names() {
    std::vector<std::string> names;
    const auto add = [&names](std::string_view name) {
        if (name.find('(') == name.npos) names.emplace_back(name); // a number without a name is printed as a cast
    };
    [&add]<std::size_t... I>(std::index_sequence<I...>) { (add(vd::enum_name<static_cast<Enum>(I)>()), ...); }(std::make_index_sequence<8>{});
    return names;
}

/// Sets a value to what a text says. @return what was expected, where it says nothing of the kind
template <class T>
[[nodiscard]] std::string set_from_text(T& value, const std::string& text) {
    if constexpr (std::same_as<T, bool>) {
        if (text != "true" && text != "false") return "true or false";
        value = text == "true";
    } else if constexpr (std::is_enum_v<T>) {
        const auto names = enumerator_names<T>();
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == text) return value = static_cast<T>(i), std::string{};
        return "one of " + vd::io::name_list(names);
    } else if constexpr (std::is_arithmetic_v<T>) {
        T number{};
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::integral<T> ? "a whole number" : "a number";
        value = number;
    } else value = text;
    return {};
}

class option_setter {
public:
    option_setter(std::string_view name, const std::string& text) : name_{name}, text_{text} {}
    void type(const std::string&, std::string_view) const {}
    template <class T>
    void unrecorded(const std::string& name, T& v) {
        value(name, v);
    }
    template <class T>
    void value(const std::string& name, T& v) {
        names_.push_back(name);
        if (name != name_) return;
        found_ = true;
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) expected_ = set_from_text(v, text_);
        else expected_ = "an option that is a number, a truth value or a name";
    }
    void finish(std::string_view source) const {
        if (!found_) throw vd::input_error{source, name_, "one of the options " + vd::io::name_list(names_), '\'' + std::string{name_} + '\'' + vd::io::did_you_mean(name_, names_)};
        if (!expected_.empty()) throw vd::input_error{source, name_, expected_, '\'' + text_ + '\''};
    }

private:
    std::string_view name_;
    const std::string& text_;
    std::vector<std::string> names_{};
    std::string expected_{};
    bool found_ = false;
};

} // namespace detail

/// Sets the options that texts `name=value` name, by the description of the struct.
/// @param source what errors call the texts
/// @throws input_error where there is no such option, or the value is none of its kind
template <vd::described_struct Options>
void set_options(Options& options, const std::vector<std::string>& texts, std::string_view source) {
    std::vector<std::string> set_before;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos) throw vd::input_error{source, "", "name=value", '\'' + text + '\''};
        const auto name = text.substr(0, equals);
        if (std::find(set_before.begin(), set_before.end(), name) != set_before.end()) throw vd::input_error{source, name, "each option once", "it twice"};
        set_before.push_back(name);
        const auto value = text.substr(equals + 1);
        detail::option_setter set{name, value};
        vd::for_each_option(options, set);
        set.finish(source);
    }
}

} // namespace anb
