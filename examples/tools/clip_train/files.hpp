// The files that an option of clip_train names.
#pragma once

#include <verdant/data/captions/shard_paths.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace clip_train {

namespace vd = verdant;

/// The files that a list of paths stands for: its parts, also joined by `::`, may hold ranges of numbers in braces.
struct named_files {
    std::vector<std::string> paths;
    std::vector<std::size_t> part; // of each path
    std::size_t parts = 0;
};
inline named_files files_of(const std::vector<std::string>& arguments) {
    named_files out;
    for (const auto& argument : arguments)
        for (const auto& text : vd::io::joined_parts(argument)) {
            for (auto& path : vd::io::expanded_paths(text)) {
                out.paths.push_back(std::move(path));
                out.part.push_back(out.parts);
            }
            ++out.parts;
        }
    return out;
}

/// Whether such a list is one table of images and captions, and not webdataset shards.
inline bool is_table(const std::vector<std::string>& arguments) {
    const auto paths = files_of(arguments).paths;
    return paths.size() == 1 && !paths[0].ends_with(".tar") && !paths[0].ends_with(".tar.gz") && !paths[0].ends_with(".tgz");
}

} // namespace clip_train
