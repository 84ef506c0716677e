#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A table of sub-networks and their accuracies, as a file.
namespace verdant::spaces {

/// A sub-network and what was measured of it.
template <elastic_space S>
struct accuracy_record {
    typename S::arch_type arch{};
    double accuracy = 0;          ///< share of right answers
    std::int64_t peak_memory = 0; ///< elements
    std::uint64_t attempt = 0;    ///< which draw of a collection it was

    friend bool operator==(const accuracy_record&, const accuracy_record&) = default;
};

namespace detail {

/// The positions of values in a domain, one digit each.
template <class Domain, class Values>
[[nodiscard]] std::string index_digits(const Values& values) {
    static_assert(Domain::size <= 10, "verdant: a table of accuracies writes one digit for each expansion; use at most ten");
    std::string text;
    for (const auto& v : values) text += static_cast<char>('0' + index_in_domain<Domain>(v));
    return text;
}

template <class Values>
[[nodiscard]] std::string plain_digits(const Values& values) {
    std::string text;
    for (const auto v : values) text += static_cast<char>('0' + v);
    return text;
}

} // namespace detail

/// Writes a table with the columns attempt, r (image size), d and ks (digits), e_idx (positions in the list of expansions, digits), accuracy,
/// peak_memory; whole or not at all. Throws file_error, or input_error for an accuracy that is not a share, which no table could be read with.
template <elastic_space S>
void write_accuracy_table(const std::string& path, std::span<const accuracy_record<S>> records) {
    io::csv_table table;
    table.columns = {"attempt", "r", "d", "ks", "e_idx", "accuracy", "peak_memory"};
    for (const auto& x : records) {
        if (!(x.accuracy >= 0 && x.accuracy <= 1))
            throw input_error{path, "sample " + std::to_string(table.rows.size() + 1), "an accuracy that is a share from 0 to 1",
                              std::to_string(x.accuracy)};
        table.rows.push_back({std::to_string(x.attempt), std::to_string(x.arch.image_size), verdant::spaces::detail::plain_digits(x.arch.d),
                              verdant::spaces::detail::plain_digits(x.arch.ks), verdant::spaces::detail::index_digits<typename S::expands>(x.arch.e),
                              exact_text(x.accuracy), std::to_string(x.peak_memory)});
    }
    io::write_file(path, io::csv_text(table));
}

/// Reads such a table; `attempt` may be missing, other columns are passed over. Throws file_error, or input_error that names file and line.
template <elastic_space S>
[[nodiscard]] std::vector<accuracy_record<S>> read_accuracy_table(const std::string& path) {
    const auto table = io::read_csv(path);
    const auto r = table.column("r"), d = table.column("d"), ks = table.column("ks"), e = table.column("e_idx"), accuracy = table.column("accuracy"),
               peak = table.column("peak_memory");
    const bool counted = std::find(table.columns.begin(), table.columns.end(), "attempt") != table.columns.end();
    constexpr std::int64_t exact = std::int64_t{1} << 53; // up to here every whole number is a double
    std::vector<accuracy_record<S>> records;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto fail = [&](std::size_t column, std::string_view expected) {
            throw input_error{path, "line " + std::to_string(table.lines[row]) + ", column '" + table.columns[column] + '\'', expected,
                              '\'' + table.rows[row][column] + '\''};
        };
        const auto whole = [&](std::size_t column, std::int64_t low, std::int64_t high) {
            const auto value = whole_within(table.number(row, column), low, high);
            if (!value) fail(column, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
            return *value;
        };
        const auto digits = [&](std::size_t column, std::size_t length) -> const std::string& {
            const auto& text = table.rows[row][column];
            if (text.size() != length || text.find_first_not_of("0123456789") != text.npos) fail(column, std::to_string(length) + " digits");
            return text;
        };
        const auto known_kernel = [](int kernel) {
            for (std::size_t k = 0; k < S::kernels::size; ++k)
                if (static_cast<int>(S::kernels::value(k)) == kernel) return true;
            return false;
        };
        accuracy_record<S> x;
        if (counted) x.attempt = static_cast<std::uint64_t>(whole(table.column("attempt"), 0, exact));
        x.arch.image_size = static_cast<int>(whole(r, 1, 8192));
        const auto &depths = digits(d, S::stages), &kernels = digits(ks, S::blocks), &expands = digits(e, S::blocks);
        for (std::size_t i = 0; i < S::stages; ++i) {
            x.arch.d[i] = depths[i] - '0';
            const auto most = S::family.stages[i].blocks;
            if (x.arch.d[i] < 1 || x.arch.d[i] > most) fail(d, "a depth from 1 to " + std::to_string(most) + " for stage " + std::to_string(i + 1));
        }
        for (std::size_t i = 0; i < S::blocks; ++i) {
            x.arch.ks[i] = kernels[i] - '0';
            if (!known_kernel(x.arch.ks[i])) fail(ks, "kernels of the space");
            const auto index = static_cast<std::size_t>(expands[i] - '0');
            if (index >= S::expands::size) fail(e, "digits below " + std::to_string(S::expands::size));
            x.arch.e[i] = static_cast<double>(S::expands::value(index));
        }
        x.accuracy = table.number(row, accuracy);
        if (!(x.accuracy >= 0 && x.accuracy <= 1)) fail(accuracy, "a share from 0 to 1");
        x.peak_memory = whole(peak, 0, exact);
        records.push_back(x);
    }
    return records;
}

} // namespace verdant::spaces
