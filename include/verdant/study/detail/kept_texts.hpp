#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/table.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/study/study_difference.hpp>

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// What is read and written of kept studies whatever their space and goals.
namespace verdant::detail {

/// The text of each value; empty where a parameter does not exist.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> stored_texts(const space_view& space, std::span<const std::uint32_t> indices) {
    std::vector<std::string> all;
    all.reserve(indices.size());
    for (std::size_t p = 0; p < indices.size(); ++p) all.push_back(space.active(p, indices) ? value_text(space, p, indices[p]) : std::string{});
    return all;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> stored_texts<>(const space_view&, std::span<const std::uint32_t>));

/// As `find_value`; earlier versions kept a `float` in more digits than it was written with.
[[nodiscard]] inline std::size_t kept_value(const space_view& space, std::size_t p, std::string_view text) {
    const auto found = find_value(space, p, text);
    double was = 0;
    if (found != space.domain_size(p) || space.kind(p) != value_kind::floating || !read_number(text, was)) return found;
    for (std::size_t i = 0; i < found; ++i)
        if (same_kept_number(was, std::bit_cast<double>(space.code_of(p, i)), 0)) return i;
    return found;
}

/// The indices of a kept point. Throws input_error where its texts are not of the space.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> read_indices(const space_view& space, const std::vector<std::string>& texts, const std::string& source,
                                                      const std::string& place) {
    std::vector<std::uint32_t> read(space.size());
    if (texts.size() != read.size()) throw input_error{source, place, std::to_string(read.size()) + " parameters", std::to_string(texts.size())};
    for (std::size_t p = 0; p < read.size(); ++p) {
        // Conditions name earlier parameters, which are there. Older studies hold the first value of what does not exist.
        const bool exists = space.active(p, read);
        if (!exists && texts[p].empty()) continue;
        const auto index = kept_value(space, p, texts[p]);
        if (index == space.domain_size(p) || (!exists && index != 0))
            throw input_error{source, place + ", " + std::string{space.name(p)}, exists ? "one of " + domain_text(space, p) : absence_text(space, p),
                              '\'' + texts[p] + '\''};
        read[p] = static_cast<std::uint32_t>(index);
    }
    return read;
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> read_indices<>(const space_view&, const std::vector<std::string>&, const std::string&,
                                                               const std::string&));

/// Each question is asked behind those before it. Throws input_error.
/// @param trials how many are completed or pending
template <class = instantiated_when_used>
void require_questions(const stored_study& study, std::size_t trials, const std::string& source) {
    stored_ask before;
    for (std::size_t i = 0; i < study.asks.size(); ++i) {
        const auto& a = study.asks[i];
        const auto place = "question " + std::to_string(i);
        if (a.number != i || a.first_trial < before.first_trial || a.first_number < before.first_number || a.first_trial > a.first_number)
            throw input_error{source, place, "one with its number, behind those before it", "another one"};
        before = a;
    }
    if (before.first_number > trials)
        throw input_error{source, "question " + std::to_string(before.number),
                          std::to_string(before.first_number) + " trials asked for before it, completed or pending", std::to_string(trials)};
}
VERDANT_DEFINED_ONCE(void require_questions<>(const stored_study&, std::size_t, const std::string&));

/// Splits the question off what was saved before it. Throws input_error where there is none.
template <class = instantiated_when_used>
[[nodiscard]] std::size_t split_off_question(std::string& saved, std::uint64_t last, const std::string& source) {
    std::size_t question = 0;
    const auto [end, wrong] = std::from_chars(saved.data(), saved.data() + saved.size(), question);
    if (wrong != std::errc{} || end == saved.data() + saved.size() || *end != ' ' || question > last)
        throw input_error{source, "state", "the number of a question up to " + std::to_string(last) + ", and what the optimizer saved",
                          '\'' + saved.substr(0, 20) + '\''};
    saved.erase(0, static_cast<std::size_t>(end - saved.data()) + 1);
    return question;
}
VERDANT_DEFINED_ONCE(std::size_t split_off_question<>(std::string&, std::uint64_t, const std::string&));

} // namespace verdant::detail
