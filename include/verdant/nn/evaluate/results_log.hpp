#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/earlier_results.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/text/number.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

/// A log of validation results, a line of JSON each, as OpenCLIP writes it.
namespace verdant::nn {

namespace detail {

inline void append_json_member(std::string& out, std::string_view name, double value) {
    out += ", \"" + std::string{name} + "\": " + (std::isfinite(value) ? exact_text(value) : "null");
}

inline void append_json_ranks(std::string& out, const std::string& direction, const nn::rank_statistics& r) {
    append_json_member(out, direction + "_mean_rank", r.mean);
    append_json_member(out, direction + "_median_rank", r.median);
    append_json_member(out, direction + "_R@1", r.recall_1);
    append_json_member(out, direction + "_R@5", r.recall_5);
    append_json_member(out, direction + "_R@10", r.recall_10);
}

} // namespace detail

/// One line of JSON, with OpenCLIP's names of the metrics; the epoch comes first.
template <class = instantiated_when_used>
[[nodiscard]] std::string json_line(std::int64_t epoch, const validation_metrics& v, std::int64_t samples) {
    std::string out = "{\"epoch\": " + std::to_string(epoch);
    detail::append_json_ranks(out, "image_to_text", v.image_to_text);
    detail::append_json_ranks(out, "text_to_image", v.text_to_image);
    detail::append_json_member(out, "clip_val_loss", v.loss);
    return out + ", \"num_samples\": " + std::to_string(samples) + "}\n";
}
VERDANT_DEFINED_ONCE(std::string json_line<>(std::int64_t, const validation_metrics&, std::int64_t));

/// The file results.jsonl of a run: a line for each validation.
class results_log {
public:
    /// @param keep lines of later epochs, which a run that goes on from there will write again, are dropped. @throws file_error
    results_log(std::string path, std::int64_t keep) : path_{std::move(path)} {
        if (std::filesystem::exists(path_)) text_ = results_until(io::read_file(path_), keep);
    }

    /// The file is replaced whole. @throws file_error
    void add(std::int64_t epoch, const validation_metrics& v, std::int64_t samples) {
        text_ += json_line(epoch, v, samples);
        io::write_file(path_, text_);
    }

private:
    std::string path_, text_;
};

} // namespace verdant::nn
