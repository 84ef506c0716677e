#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/tar_stream.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reads the samples of webdataset shards.
namespace verdant::io {

/// One sample of a webdataset shard: files that share a name up to the first dot of their last part, by what follows it (`jpg`, `txt`, `cls`).
struct shard_sample {
    std::string key;
    std::vector<std::pair<std::string, byte_vector>> files;

    /// The content of the first of these endings that the sample has, or null.
    [[nodiscard]] const byte_vector* find(std::initializer_list<std::string_view> endings) const noexcept {
        for (const auto ending : endings)
            for (const auto& [name, content] : files)
                if (name == ending) return &content;
        return nullptr;
    }
};

/// Reads the samples of a shard (a tar archive, plain or gzip) as webdataset groups them: neighbouring files with one key. Endings are
/// lower-cased; files without a dot, or whose last part begins with one, are passed over.
class shard_reader {
public:
    explicit shard_reader(byte_source source, const tar_stream::options& options = {}) : tar_{std::move(source), options} {}

    /// The next sample, or nothing after the last. Throws input_error.
    [[nodiscard]] std::optional<shard_sample> next() {
        std::optional<shard_sample> sample;
        while (true) {
            if (!pending_) pending_ = next_named();
            if (!pending_ || (sample && sample->key != pending_->key)) return sample;
            if (!sample) sample = shard_sample{pending_->key, {}};
            if (sample->find({pending_->ending}) != nullptr)
                throw input_error{tar_.name(), "sample " + sample->key, "each ending once", pending_->ending + " twice"};
            sample->files.emplace_back(std::move(pending_->ending), std::move(pending_->content));
            pending_.reset();
        }
    }

private:
    struct named_file {
        std::string key, ending;
        byte_vector content;
    };

    [[nodiscard]] std::optional<named_file> next_named() {
        while (auto file = tar_.next()) {
            const auto slash = file->name.rfind('/');
            const auto base = slash == std::string::npos ? 0 : slash + 1;
            const auto dot = file->name.find('.', base);
            if (dot == std::string::npos || dot == base) continue;
            auto ending = file->name.substr(dot + 1);
            for (char& c : ending)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
            return named_file{file->name.substr(0, dot), std::move(ending), std::move(file->content)};
        }
        return std::nullopt;
    }

    tar_stream tar_;
    std::optional<named_file> pending_;
};

} // namespace verdant::io
