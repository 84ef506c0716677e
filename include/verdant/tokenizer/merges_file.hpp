#pragma once

#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/tokenizer/bpe_merges.hpp>

#include <cstddef>
#include <string>

namespace verdant::io {

/// Reads a merges file, plain or gzip, such as CLIP's `bpe_simple_vocab_16e6.txt.gz`. Throws file_error or input_error.
[[nodiscard]] inline bpe_merges read_merges(const std::string& path, std::size_t most = clip_merges) {
    const auto content = read_maybe_gzip(byte_source::open(path));
    return parse_merges(as_text(content), path, most);
}

} // namespace verdant::io
