#pragma once

#include <verdant/io/file/byte_source.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// One sample that a zero-shot benchmark evaluates.
namespace verdant::io {

/// What the pictures of a data set come with: one class, several classes at once, or captions.
enum class dataset_kind : std::uint8_t { classification, multilabel, retrieval };

/// A picture to judge a model by, not yet decoded.
struct evaluation_sample {
    std::string source;                ///< what errors call it
    byte_vector picture;               ///< a JPEG or PNG file
    std::vector<std::string> captions = {}; ///< of a retrieval data set
    std::int64_t label = -1;           ///< of a classification data set
    std::vector<float> labels = {};         ///< of a multilabel data set, 0 or 1 for each class
};

} // namespace verdant::io
