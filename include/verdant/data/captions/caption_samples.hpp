#pragma once

#include <verdant/data/captions/caption_table.hpp>
#include <verdant/data/captions/shards.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// Images with captions, each to be had by its number: rows of a table, whose images are files of their own, or samples of webdataset shards.
/// Samples of shards stay in memory as they are there, compressed as JPEG, PNG or WebP.
class caption_samples {
public:
    /// A table with one row for each caption; rows that cannot be used are passed over. @throws file_error, input_error
    [[nodiscard]] static caption_samples of_table(const std::string& path, const caption_columns& columns = {}) {
        caption_samples out;
        for (auto& row : read_captions(path, columns, &out.passed_over_))
            out.samples_.push_back({std::move(row.caption), std::move(row.path), nullptr});
        return out;
    }

    /// Shards in the order given: tar archives, plain or gzip; samples without an image or a text are passed over.
    /// @throws file_error, input_error if a shard cannot be read, or if all together hold no sample
    [[nodiscard]] static caption_samples of_shards(std::span<const std::string> paths) {
        caption_samples out;
        for (const auto& path : paths) {
            const auto before = out.samples_.size();
            shard_reader shard{byte_source::open(path)};
            while (const auto sample = shard.next()) {
                const auto* const image = sample->find({"jpg", "png", "jpeg", "webp"});
                const auto* const text = sample->find({"txt"});
                auto name = path + ", sample " + sample->key;
                if (image == nullptr || text == nullptr) {
                    out.passed_over_.add(std::move(name) + (image == nullptr ? ": no image (jpg, png, jpeg or webp)" : ": no text (txt)"));
                    continue;
                }
                out.samples_.push_back(
                    {std::string{without_byte_order_mark(as_text(*text))}, std::move(name), std::make_shared<const byte_vector>(*image)});
            }
            out.shard_sizes_.push_back(static_cast<std::int64_t>(out.samples_.size() - before));
        }
        if (out.samples_.empty())
            throw input_error{paths.empty() ? "shards" : paths.front(), "", "samples with jpg, png, jpeg or webp, and txt", "none"};
        return out;
    }

    [[nodiscard]] std::size_t size() const noexcept { return samples_.size(); }
    /// Rows of the table, or samples of the shards, that cannot be used.
    [[nodiscard]] const io::passed_over& passed_over() const noexcept { return passed_over_; }
    /// Samples of each shard, in their order; empty where they come from no shards.
    [[nodiscard]] const std::vector<std::int64_t>& shard_sizes() const noexcept { return shard_sizes_; }
    [[nodiscard]] const std::string& caption(std::size_t i) const { return samples_.at(i).caption; }
    /// What errors call the image.
    [[nodiscard]] const std::string& name(std::size_t i) const { return samples_.at(i).name; }

    /// The encoded image. Several threads may read at once. @throws file_error
    [[nodiscard]] byte_vector image(std::size_t i) const {
        const auto& s = samples_.at(i);
        return s.content ? *s.content : byte_source::open(s.name).read_all();
    }

    [[nodiscard]] std::vector<std::string> captions() const {
        std::vector<std::string> out;
        for (const auto& s : samples_) out.push_back(s.caption);
        return out;
    }

    /// Two halves: of every `every` images one with all its captions, and the rest. Captions of one image stay together. @throws input_error for 0
    [[nodiscard]] std::pair<caption_samples, caption_samples> split(std::size_t every) const {
        if (every == 0) throw input_error{"captions", "every", "1 or more", "0"};
        std::pair<caption_samples, caption_samples> halves;
        std::map<std::string_view, std::size_t> number;
        for (const auto& s : samples_) {
            const auto image = number.emplace(s.name, number.size()).first->second;
            (image % every == 0 ? halves.first : halves.second).samples_.push_back(s);
        }
        return halves;
    }

private:
    struct sample {
        std::string caption, name;
        std::shared_ptr<const byte_vector> content; ///< null for a file
    };

    std::vector<sample> samples_;
    std::vector<std::int64_t> shard_sizes_;
    io::passed_over passed_over_;
};

} // namespace verdant::io
