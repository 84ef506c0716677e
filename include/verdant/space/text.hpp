#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/value_text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Points and values as text, and back.
namespace verdant {

/// Which points a reader lets through.
enum class accepted_points : std::uint8_t {
    feasible, ///< those that break no constraint
    all       ///< any values of the domains, for example to `repair` them
};

namespace detail {

/// Takes words apart: `name=value`, `name="quoted value"`.
class pair_reader {
public:
    pair_reader(std::string_view text, std::string_view source) : text_{text}, source_{source} {}

    /// False at the end. Throws input_error where a word is not a pair.
    bool next() {
        const auto begin = text_.find_first_not_of(point_separators, at_);
        if (begin == std::string_view::npos) return false;
        const auto stop = text_.find_first_of(point_separators, begin);
        const auto word = text_.substr(begin, stop == std::string_view::npos ? stop : stop - begin);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) throw input_error{source_, "", "name=value", '\'' + std::string{word} + '\''};
        name = word.substr(0, equals);
        at_ = begin + equals + 1;
        value.clear();
        if (at_ < text_.size() && text_[at_] == '"') {
            read_quoted(begin);
        } else {
            value = word.substr(equals + 1);
            at_ = begin + word.size();
        }
        return true;
    }

    std::string_view name{};
    std::string value{};

private:
    void read_quoted(std::size_t begin) {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_];
        }
        if (at_ == text_.size()) throw input_error{source_, "", "a closing quotation mark", '\'' + std::string{text_.substr(begin)} + '\''};
        ++at_;
        if (at_ < text_.size() && point_separators.find(text_[at_]) == std::string_view::npos)
            throw input_error{source_, name, "a space or comma after the quotation mark", '\'' + std::string{text_.substr(at_, 1)} + '\''};
    }

    std::string_view text_, source_;
    std::size_t at_ = 0;
};

/// A point that is being read: knows which parameters have been given.
template <search_space S>
class point_builder {
public:
    explicit point_builder(std::string_view source) : source_{source}, given_(parameter_count<S>, '-') {}

    /// The parameter of this name. Throws input_error where there is none or it has been given.
    [[nodiscard]] std::size_t parameter(std::string_view name, std::string_view value) {
        const auto p = view_of<S>.find(name);
        if (p == parameter_count<S>) throw input_error{source_, name, "a parameter of the space", "no such parameter" + meant(name)};
        if (given_[p] != '-') throw input_error{source_, name, "each parameter once", "a second value '" + std::string{value} + '\''};
        given_[p] = '+';
        return p;
    }
    /// Takes a parameter for one that was said not to exist. @param found what the error shows where it does
    void set_absent(std::size_t p, std::string_view found) {
        given_[p] = '0';
        absent_ = found;
    }
    /// Sets it. Throws input_error where the index is none of its domain.
    /// @param found what the error shows
    void set(std::size_t p, std::size_t index, std::string_view found) {
        if (index == view_of<S>.domain_size(p)) throw input_error{source_, view_of<S>.name(p), "one of " + domain_text(view_of<S>, p), found};
        point_[p] = static_cast<typename point<S>::index_type>(index);
    }
    /// The point. Throws input_error where a parameter that exists was not given, and, where only feasible points are accepted, one that does not
    /// exist was given another value than its first, which is what older files hold for it, or a constraint is broken.
    [[nodiscard]] point<S> finish(accepted_points accepted) const {
        constexpr const auto& space = view_of<S>;
        for (std::size_t p = 0; p < parameter_count<S>; ++p) {
            const bool exists = space.active(p, point_);
            if (exists && given_[p] == '-') throw input_error{source_, space.name(p), "a value", "nothing"};
            if (exists && given_[p] == '0') throw input_error{source_, space.name(p), "one of " + domain_text(space, p), absent_};
            if (!exists && point_[p] != 0 && accepted == accepted_points::feasible)
                throw input_error{source_, space.name(p), absence_text(space, p), value_text(space, p, point_[p])};
        }
        if (accepted == accepted_points::feasible) require_feasible(point_, source_);
        return point_;
    }

private:
    /// `; did you mean 'width'?` where a name is near.
    [[nodiscard]] static std::string meant(std::string_view name) {
        const auto p = nearest_name(name, parameter_count<S>, [](std::size_t i) { return view_of<S>.name(i); });
        return p == parameter_count<S> ? std::string{} : "; did you mean '" + std::string{view_of<S>.name(p)} + "'?";
    }

    std::string_view source_;
    std::string given_; ///< of each parameter: '+' for a value, '0' for none in so many words, '-' for not a word
    std::string absent_{}; ///< how it was said that one does not exist
    point<S> point_{};
};

} // namespace detail

/// Reads what `to_string` writes: `name=value` pairs in any order, separated by spaces or commas; a value that holds one of these stands in
/// quotation marks. Parameters that do not exist at the point are left out, or have their first value. Throws input_error that names the
/// parameter, its values and what was found, or the constraint that the point breaks.
/// @param source   what errors call the text: a file and line, an option
/// @param accepted `accepted_points::all` to read what `repair` is to make feasible
template <search_space S>
[[nodiscard]] point<S> parse_point(std::string_view text, std::string_view source = "point", accepted_points accepted = accepted_points::feasible) {
    detail::point_builder<S> p{source};
    for (detail::pair_reader pair{text, source}; pair.next();) {
        const auto i = p.parameter(pair.name, pair.value);
        p.set(i, find_value(view_of<S>, i, pair.value), '\'' + pair.value + '\'');
    }
    return p.finish(accepted);
}
/// Refused, with a sentence that says what to write. What is given is deduced, so that `parse_point<S>` alone names one function.
template <class S, class Given, class... More>
    requires(!search_space<S> || !std::convertible_to<Given, std::string_view>)
[[nodiscard]] auto parse_point(Given&&, More&&...) {
    static_assert(detail::space_argument<S>::value);
    constexpr bool takes_text = !search_space<S>;
    static_assert(takes_text, "verdant: parse_point takes a text; write parse_point<my_space>(\"depth=6 width=64\")");
    return point<typename detail::space_meant<S>::type>{};
}

} // namespace verdant
