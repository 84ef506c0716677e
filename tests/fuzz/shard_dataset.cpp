#include "fuzz.hpp"

#include <verdant/data/benchmark/shard_dataset.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace {

/// A folder of small files that goes with its scope.
struct folder {
    std::filesystem::path path;
    folder() {
        auto name = (std::filesystem::temp_directory_path() / "verdant-fuzz-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) fuzz::fail("no folder can be made");
        path = name;
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

} // namespace

// A data set in a folder: the texts beside its shard, each ended by a zero byte, and the shard.
VERDANT_FUZZ_TARGET(shard_dataset) {
    const folder set;
    std::filesystem::create_directory(set.path / "test");
    auto rest = fuzz::text(data);
    for (const char* name : {"dataset_type.txt", "classnames.txt", "zeroshot_classification_templates.txt", "test/nshards.txt"}) {
        const auto part = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (!part.empty()) std::ofstream{set.path / name, std::ios::binary} << part;
    }
    std::ofstream{set.path / "test" / "0.tar", std::ios::binary} << rest;
    verdant::io::shard_dataset read{set.path.string()};
    while (const auto sample = read.next()) {
        const bool known = read.class_names().empty() || sample->label < static_cast<std::int64_t>(read.class_names().size());
        fuzz::require(known, "a class has a name where classes have names");
    }
}
