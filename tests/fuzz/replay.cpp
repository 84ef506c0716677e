// fuzz.replay SEEDS [TARGET...]: runs every fuzz target over its seeds, over each of them cut off and changed at places that are the same every time,
// and over nothing at all. A target without seeds, or seeds without a target, is a failure.

#include "fuzz.hpp"

#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <vector>

namespace {

std::map<std::string, fuzz::entry, std::less<>>& targets() {
    static std::map<std::string, fuzz::entry, std::less<>> all;
    return all;
}

std::size_t failures = 0;

void run(const std::string& name, fuzz::entry target, const verdant::io::byte_vector& data) {
    try {
        fuzz::run(target, data);
    } catch (const std::exception& e) {
        ++failures;
        std::printf("%s: an exception of another kind: %s; on %zu bytes:", name.c_str(), e.what(), data.size());
        for (std::size_t i = 0; i < std::min<std::size_t>(data.size(), 400); ++i) std::printf(" %02x", static_cast<unsigned>(data[i]));
        std::printf("\n");
    }
}

/// The n-th change of a seed.
verdant::io::byte_vector changed(const verdant::io::byte_vector& seed, std::uint64_t n) {
    verdant::random_stream random{n};
    auto data = seed;
    if (n % 4 == 0) data.resize(static_cast<std::size_t>(random.below(data.size() + 1)));
    for (auto k = random.below(4); k != 0 && !data.empty(); --k) {
        constexpr unsigned char extremes[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '"', '9', '-'};
        data[static_cast<std::size_t>(random.below(data.size()))] =
            random.below(2) == 0 ? extremes[random.below(sizeof extremes)] : static_cast<unsigned char>(random.below(256));
    }
    if (n % 5 == 0 && !data.empty()) { // some bytes again
        const auto from = static_cast<std::ptrdiff_t>(random.below(data.size())),
                   count = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(random.below(32), data.size() - static_cast<std::size_t>(from)));
        const verdant::io::byte_vector part(data.begin() + from, data.begin() + from + count);
        data.insert(data.begin() + from, part.begin(), part.end());
    }
    return data;
}

} // namespace

namespace fuzz {

bool add(std::string_view name, entry target) { return targets().emplace(name, target).second; }

} // namespace fuzz

int main(int count, char** arguments) {
    namespace fs = std::filesystem;
    if (count < 2) {
        std::printf("usage: fuzz.replay SEEDS [TARGET...]\n");
        return 2;
    }
    const fs::path seeds = arguments[1];
    const std::vector<std::string> wanted(arguments + 2, arguments + count);
    for (const auto& [name, target] : targets()) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        const auto begin = std::chrono::steady_clock::now();
        std::vector<fs::path> files;
        if (fs::is_directory(seeds / name))
            for (const auto& f : fs::directory_iterator{seeds / name}) files.push_back(f.path());
        std::sort(files.begin(), files.end());
        if (files.empty()) {
            ++failures;
            std::printf("%s: no seeds in %s\n", name.c_str(), (seeds / name).c_str());
        }
        std::size_t inputs = 1;
        run(name, target, {});
        for (const auto& f : files) {
            const auto seed = verdant::io::to_bytes(verdant::io::read_file(f.string()));
            run(name, target, seed);
            // Small seeds are cheap; all targets together take about a second.
            const std::uint64_t changes = seed.size() > 4000 ? 60 : 300;
            for (std::uint64_t n = 0; n < changes; ++n) run(name, target, changed(seed, n));
            inputs += 1 + changes;
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        std::printf("%-18s %6zu inputs of %zu seeds in %.2f s\n", name.c_str(), inputs, files.size(), taken.count());
    }
    std::printf("%zu targets, %zu failures\n", targets().size(), failures);
    return failures == 0 && !targets().empty() ? 0 : 1;
}
