#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// What models without single units reach, as the original's CSV: the measurements that rankings by importance are made of.
namespace verdant::supernet {

/// What is measured of a model when units are ranked.
struct unit_quality {
    double text_recall = 0;  ///< retrieval of texts by image, among the first 1; 32-bit means widened
    double image_recall = 0; ///< retrieval of images by text
    double accuracy = 0;     ///< zero-shot classification, first guess

    [[nodiscard]] constexpr double mean_recall() const { return (image_recall + text_recall) / 2; }
    /// What units are ranked by (CATransformers, eval/init_importance.py).
    [[nodiscard]] constexpr double score() const { return (mean_recall() + accuracy) / 2; }

    friend constexpr bool operator==(const unit_quality&, const unit_quality&) = default;
};

/// A row of the original's CSV: which unit was removed, and what was left.
struct unit_measurement {
    int layer = 0;
    int unit = 0;
    unit_quality quality;

    friend constexpr bool operator==(const unit_measurement&, const unit_measurement&) = default;
};

/// Whether heads or feed-forward blocks were removed, and from which tower: one file each.
struct importance_part {
    bool vision = false;
    bool heads = false;

    [[nodiscard]] constexpr std::string_view tower() const { return vision ? "vision" : "text"; }
    /// `ranking_head_text`, ...
    [[nodiscard]] std::string file() const { return std::string{heads ? "ranking_head_" : "ranking_ffn_"} + std::string{tower()}; }
};

/// The order in which the original measures.
inline constexpr std::array<importance_part, 4> importance_parts{{{false, false}, {false, true}, {true, true}, {true, false}}};

namespace detail {

/// The shortest text that reads back as the same number, as Python prints it.
[[nodiscard]] inline std::string python_number(double value) {
    std::array<char, 32> text;
    const bool plain = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e16);
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
    std::string out{text.data(), end};
    return plain && out.find('.') == std::string::npos ? out + ".0" : out;
}

[[nodiscard]] inline std::string csv_header(const importance_part& part) {
    return std::string{"Text or Vision,Layer Number,"} + (part.heads ? "Head" : "Block") +
           " Index Number,Mean_accuracy,mean_recall@1,text_retrieval_recall@1,image_retrieval_recall@1,ImageNet Acc1";
}

[[nodiscard]] inline std::string csv_row(const importance_part& part, const unit_measurement& m) {
    std::string row{part.tower()};
    row += "," + std::to_string(m.layer) + "," + std::to_string(m.unit);
    for (const double value : {m.quality.score(), m.quality.mean_recall(), m.quality.text_recall, m.quality.image_recall, m.quality.accuracy})
        row += "," + python_number(value);
    return row;
}

template <class T>
[[nodiscard]] bool read_number(std::string_view text, T& value) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

} // namespace detail

/// The measurements in a CSV of the original's format; none if there is no such file. A last line without an end, which a killed run leaves,
/// does not count.
/// @throws input_error naming the line that is not of this format
template <class = instantiated_when_used>
[[nodiscard]] std::vector<unit_measurement> read_measurements(const std::string& path, const importance_part& part) {
    std::vector<unit_measurement> out;
    std::ifstream in{path, std::ios::binary};
    if (!in) return out;
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    std::size_t number = 0;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        ++number;
        std::string_view line{text.data() + begin, end - begin};
        if (begin == 0) line = verdant::io::without_byte_order_mark(line);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (number == 1) {
            if (line != verdant::supernet::detail::csv_header(part))
                throw input_error{path, "line 1", verdant::supernet::detail::csv_header(part), std::string{line}};
            continue;
        }
        std::vector<std::string_view> fields;
        for (std::size_t from = 0; from <= line.size();) {
            const auto to = std::min(line.find(',', from), line.size());
            fields.push_back(line.substr(from, to - from));
            from = to + 1;
        }
        unit_measurement m;
        using verdant::supernet::detail::read_number;
        if (fields.size() != 8 || fields[0] != part.tower() || !read_number(fields[1], m.layer) || !read_number(fields[2], m.unit) || m.layer < 0 ||
            m.unit < 0 || !read_number(fields[5], m.quality.text_recall) || !read_number(fields[6], m.quality.image_recall) ||
            !read_number(fields[7], m.quality.accuracy))
            throw input_error{path, "line " + std::to_string(number), std::string{part.tower()} + ", layer, unit and five numbers",
                              std::string{line}};
        out.push_back(m);
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<unit_measurement> read_measurements<>(const std::string&, const importance_part&));

/// Appends measurements to a CSV, with a header if it is new; a last line without an end is cut off first. Each row is on its way to the disk
/// before the next is measured.
class measurement_log {
public:
    /// @throws file_error
    measurement_log(std::string path, const importance_part& part) : path_{std::move(path)}, part_{part} {
        std::string text;
        if (std::ifstream in{path_, std::ios::binary}; in) text.assign(std::istreambuf_iterator<char>{in}, {});
        const auto whole = text.find_last_of('\n') == std::string::npos ? 0 : text.find_last_of('\n') + 1;
        if (whole != text.size() || text.empty()) {
            std::ofstream anew{path_, std::ios::binary | std::ios::trunc};
            anew << (whole == 0 ? verdant::supernet::detail::csv_header(part_) + "\n" : text.substr(0, whole));
            if (!anew.flush()) throw file_error{path_, "write", "the disk is full or the folder not writable"};
        }
    }

    void add(const unit_measurement& m) {
        std::ofstream out{path_, std::ios::binary | std::ios::app};
        out << verdant::supernet::detail::csv_row(part_, m) << '\n';
        if (!out.flush()) throw file_error{path_, "write", "the disk is full or the folder not writable"};
    }

private:
    std::string path_;
    importance_part part_;
};

} // namespace verdant::supernet
