#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// CIFAR-10 from its binary files.
namespace verdant::io {

/// The classes of CIFAR-10 in the order of their labels (Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009).
inline constexpr std::array<std::string_view, 10> cifar10_classes{"airplane", "automobile", "bird",  "cat",  "deer",
                                                                  "dog",      "frog",       "horse", "ship", "truck"};

/// Images of CIFAR-10 in its binary version: files of at most 10000 records, each a label and 32 x 32 bytes of red, of green and of blue, row by row.
/// A labelled set of images (nn::image_set), held in memory as it is in the files: 3073 bytes an image. Copies share it.
class cifar10 {
public:
    static constexpr std::size_t side = 32, plane = side * side, record = 1 + 3 * plane, most_records = 10000;

    /// The images of these files, one file after the other.
    /// @throws file_error; input_error that names file and record, for a file that is cut off, empty or too long, and for labels above 9
    explicit cifar10(std::span<const std::string> files) {
        byte_vector all;
        for (const auto& path : files) append(all, path);
        records_ = std::make_shared<const byte_vector>(std::move(all));
    }

    /// `data_batch_1.bin` to `data_batch_5.bin` of a folder.
    [[nodiscard]] static cifar10 train(const std::string& folder) {
        std::vector<std::string> files;
        for (int i = 1; i <= 5; ++i) files.push_back((std::filesystem::path{folder} / ("data_batch_" + std::to_string(i) + ".bin")).string());
        return cifar10{files};
    }
    /// `test_batch.bin` of a folder.
    [[nodiscard]] static cifar10 test(const std::string& folder) {
        return cifar10{std::array{(std::filesystem::path{folder} / "test_batch.bin").string()}};
    }

    [[nodiscard]] std::size_t size() const { return records_->size() / record; }
    [[nodiscard]] static constexpr std::size_t classes() { return cifar10_classes.size(); }
    [[nodiscard]] std::int64_t label(std::size_t i) const { return (*records_)[i * record]; }
    [[nodiscard]] rgb_image image(std::size_t i) const {
        const auto* const planes = records_->data() + i * record + 1;
        rgb_image out{side, side};
        auto* to = out.pixel(0, 0);
        for (std::size_t p = 0; p < plane; ++p)
            for (std::size_t channel = 0; channel < 3; ++channel) *to++ = planes[channel * plane + p];
        return out;
    }

private:
    static void append(byte_vector& all, const std::string& path) {
        const auto source = byte_source::open(path);
        const auto records = source.size() / record;
        if (source.size() == 0 || source.size() % record != 0 || records > most_records)
            throw input_error{path, "", "1 to " + std::to_string(most_records) + " records of " + std::to_string(record) + " bytes",
                              std::to_string(source.size()) + " bytes"};
        const auto before = all.size();
        all.resize(before + source.size());
        source.read(0, std::span{all}.subspan(before), "records");
        for (std::size_t r = 0; r < records; ++r)
            if (const auto label = all[before + r * record]; label >= cifar10_classes.size())
                throw input_error{path, "record " + std::to_string(r + 1), "a label from 0 to 9", std::to_string(label)};
    }

    std::shared_ptr<const byte_vector> records_;
};

} // namespace verdant::io
