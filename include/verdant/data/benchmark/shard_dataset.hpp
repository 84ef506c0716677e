#pragma once

#include <verdant/data/benchmark/class_prompts.hpp>
#include <verdant/data/benchmark/evaluation_sample.hpp>
#include <verdant/data/captions/shards.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// A data set of the benchmark that lies in webdataset shards.
namespace verdant::io {

namespace detail {

/// The lines of a text, without carriage returns; an end of line at the end begins no line.
[[nodiscard]] inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.emplace_back(line);
    }
    return out;
}

/// The only word of a text.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

[[nodiscard]] inline std::int64_t whole_number(std::string_view text, const std::string& source, const std::string& place, std::string_view what,
                                               std::int64_t most) {
    const auto word = trimmed(text);
    std::int64_t value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (read.ec != std::errc{} || read.ptr != word.data() + word.size() || value < 0 || value > most)
        throw input_error{source, place, std::string{what} + " from 0 to " + std::to_string(most), "'" + std::string{word.substr(0, 40)} + "'"};
    return value;
}

} // namespace detail

/// An evaluation data set in a folder of webdataset shards, as LAION-AI/CLIP_benchmark lays it out: `<split>/nshards.txt` and
/// `<split>/0.tar` ... (also `.tar.gz`, `.tgz`), or without nshards.txt all shards of the split's folder, or all those of the folder itself, in
/// the order of their names, where it has no folders. Beside them `dataset_type.txt` (classification, which is the default, multilabel, retrieval),
/// `classnames.txt` and `zeroshot_classification_templates.txt`, where `{c}` or `{}` stands for the class.
class shard_dataset {
public:
    /// Looks at the folder, not into the shards.
    /// @throws file_error, input_error where it is no such folder, or the split is not there
    explicit shard_dataset(std::string folder, std::string split = "test") : folder_{std::move(folder)}, split_{std::move(split)} {
        namespace fs = std::filesystem;
        std::error_code failure;
        if (!fs::is_directory(folder_, failure))
            throw file_error{folder_, "open the data set", failure ? failure.message() : "there is no such folder"};
        find_shards();
        if (const auto type = text_beside("dataset_type.txt")) {
            const auto word = detail::trimmed(*type);
            if (word == "retrieval") kind_ = dataset_kind::retrieval;
            else if (word == "multilabel") kind_ = dataset_kind::multilabel;
            else if (word != "classification")
                throw input_error{folder_ + "/dataset_type.txt", "", "classification, multilabel or retrieval",
                                  "'" + std::string{word.substr(0, 40)} + "'"};
        }
        if (const auto names = text_beside("classnames.txt"))
            for (const auto& line : detail::lines_of(*names)) class_names_.emplace_back(detail::trimmed(line));
        while (!class_names_.empty() && class_names_.back().empty()) class_names_.pop_back();
        for (std::size_t c = 0; c < class_names_.size(); ++c)
            if (class_names_[c].empty())
                throw input_error{folder_ + "/classnames.txt", "line " + std::to_string(c + 1), "the name of a class", "nothing"};
        if (const auto lines = text_beside("zeroshot_classification_templates.txt"))
            for (const auto& line : detail::lines_of(*lines)) {
                if (detail::trimmed(line).empty()) continue;
                check_prompt_template(line, folder_ + "/zeroshot_classification_templates.txt");
                templates_.push_back(line);
            }
    }

    /// Whether a data set has a split: its folder with shards.
    [[nodiscard]] static bool has_split(const std::string& folder, const std::string& split) {
        std::error_code ignored;
        return std::filesystem::is_directory(std::filesystem::path{folder} / split, ignored);
    }

    [[nodiscard]] dataset_kind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::vector<std::string>& shards() const noexcept { return shards_; }
    [[nodiscard]] const std::vector<std::string>& class_names() const noexcept { return class_names_; } ///< empty where there are none
    [[nodiscard]] const std::vector<std::string>& templates() const noexcept { return templates_; }     ///< empty where there are none

    /// The next sample of all shards, or nothing after the last. Throws file_error or input_error.
    [[nodiscard]] std::optional<evaluation_sample> next() {
        while (true) {
            if (!reader_) {
                if (shard_ == shards_.size()) return std::nullopt;
                reader_.emplace(byte_source::open(shards_[shard_]));
            }
            if (auto sample = reader_->next()) return parsed(std::move(*sample));
            reader_.reset();
            ++shard_;
        }
    }

private:
    [[nodiscard]] static bool is_shard(const std::filesystem::path& path) {
        const auto name = path.filename().string();
        return name.ends_with(".tar") || name.ends_with(".tar.gz") || name.ends_with(".tgz");
    }

    void find_shards() {
        namespace fs = std::filesystem;
        const auto place = fs::path{folder_} / split_;
        const bool has_folder = has_split(folder_, split_);
        if (has_folder && fs::exists(place / "nshards.txt")) {
            const auto list = (place / "nshards.txt").string();
            const auto count = detail::whole_number(read_text_file(list), list, "", "a number of shards", 1'000'000);
            for (std::int64_t i = 0; i < count; ++i) {
                std::string found;
                for (const char* ending : {".tar", ".tar.gz", ".tgz"})
                    if (const auto path = place / (std::to_string(i) + ending); found.empty() && fs::exists(path)) found = path.string();
                if (found.empty())
                    throw file_error{(place / (std::to_string(i) + ".tar")).string(), "open", "nshards.txt counts it, but it is not there"};
                shards_.push_back(std::move(found));
            }
        } else {
            bool folders = false;
            for (const auto& entry : fs::directory_iterator{has_folder ? place : fs::path{folder_}}) {
                if (entry.is_directory()) folders = true;
                else if (is_shard(entry.path())) shards_.push_back(entry.path().string());
            }
            // A flat folder is its only split; one with other splits lacks this one.
            if (!has_folder && (folders || split_ != "test")) shards_.clear();
            // 10.tar after 9.tar
            std::sort(shards_.begin(), shards_.end(),
                      [](const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
        }
        if (shards_.empty()) throw input_error{folder_, "split " + split_, "at least one shard (.tar)", "none"};
    }

    [[nodiscard]] std::optional<std::string> text_beside(const char* name) const {
        const auto path = std::filesystem::path{folder_} / name;
        if (!std::filesystem::exists(path)) return std::nullopt;
        return read_text_file(path.string());
    }

    [[nodiscard]] evaluation_sample parsed(shard_sample sample) const {
        const auto& source = shards_[shard_];
        const auto place = "sample " + sample.key;
        evaluation_sample out{.source = source + ", " + place, .picture = {}, .captions = {}, .label = -1, .labels = {}};
        const auto need = [&](std::initializer_list<std::string_view> endings, const char* what) -> const byte_vector& {
            const auto* const found = sample.find(endings);
            if (found == nullptr) throw input_error{source, place, what, "none"};
            return *found;
        };
        if (kind_ == dataset_kind::retrieval) {
            for (const auto& line : detail::lines_of(without_byte_order_mark(as_text(need({"txt"}, "captions (txt)")))))
                if (!detail::trimmed(line).empty()) out.captions.push_back(line);
            if (out.captions.empty()) throw input_error{source, place, "captions (txt)", "an empty text"};
        } else if (kind_ == dataset_kind::multilabel) {
            const auto labels = parse_npy(need({"npy"}, "labels (npy)"), source, place);
            if (labels.shape().size() != 1 || labels.shape()[0] == 0)
                throw input_error{source, place, "one row of labels", shape_text(labels.shape())};
            out.labels = labels.to<float>();
            for (const float x : out.labels)
                if (x != 0 && x != 1) throw input_error{source, place, "labels of 0 or 1", std::to_string(x)};
        } else {
            out.label = detail::whole_number(without_byte_order_mark(as_text(need({"cls"}, "a class (cls)"))), source, place, "a class",
                                             class_names_.empty() ? 9'999'999 : static_cast<std::int64_t>(class_names_.size()) - 1);
        }
        out.picture = need({"jpg", "jpeg", "png", "webp"}, "a picture (jpg, jpeg, png, webp)");
        return out;
    }

    std::string folder_, split_;
    dataset_kind kind_ = dataset_kind::classification;
    std::vector<std::string> shards_, class_names_, templates_;
    std::size_t shard_ = 0;
    std::optional<shard_reader> reader_;
};

} // namespace verdant::io
