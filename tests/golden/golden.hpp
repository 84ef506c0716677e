#pragma once

// What every golden test needs: the folder, the files of a pattern, the readers, and one summary line a file.

#include "../catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace golden {

using nlohmann::json;

/// `$VERDANT_GOLDENS`, else the default that the build passes.
inline std::filesystem::path folder() {
    if (const char* chosen = std::getenv("VERDANT_GOLDENS"); chosen != nullptr && *chosen != '\0') return chosen;
    return VERDANT_GOLDENS_DEFAULT;
}

/// The path of a golden file such as `carbonnaas-hw/gemm.json`; where it is absent, says so and gives nothing.
inline std::optional<std::filesystem::path> find(std::string_view name) {
    auto path = folder() / name;
    if (std::filesystem::exists(path)) return path;
    std::printf("golden %.*s: skipped, no such file in %s\n", static_cast<int>(name.size()), name.data(), folder().c_str());
    std::fflush(stdout);
    return std::nullopt;
}

/// A file of a pattern: its name below the folder, where it is, and what the pattern's `*` stands for.
struct file {
    std::string name;
    std::filesystem::path path;
    std::string star;
};

/// All files of a pattern such as `moofa/tiny/train_step_*.json`, whose last part has one `*`, in the order of their names; where there are none,
/// says so.
inline std::vector<file> find_all(const std::string& pattern) {
    const auto slash = pattern.rfind('/'), star = pattern.find('*');
    const auto before = pattern.substr(slash + 1, star - slash - 1), after = pattern.substr(star + 1);
    std::vector<file> found;
    if (const auto place = folder() / pattern.substr(0, slash); std::filesystem::is_directory(place))
        for (const auto& entry : std::filesystem::directory_iterator{place}) {
            const auto name = entry.path().filename().string();
            if (name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after))
                found.push_back(
                    {pattern.substr(0, slash + 1) + name, entry.path(), name.substr(before.size(), name.size() - before.size() - after.size())});
        }
    std::sort(found.begin(), found.end(), [](const file& a, const file& b) { return a.name < b.name; });
    if (found.empty()) {
        std::printf("golden %s: skipped, no such file in %s\n", pattern.c_str(), folder().c_str());
        std::fflush(stdout);
    }
    return found;
}

/// Says why a file that is there is left out.
inline void skip(const std::string& name, const std::string& reason) {
    std::printf("golden %s: skipped, %s\n", name.c_str(), reason.c_str());
    std::fflush(stdout);
}

/// The longest of some names with which a text begins, or an empty one: files may carry more behind the name of what they are about.
template <class Names>
std::string longest_start(const std::string& text, const Names& names) {
    std::string best;
    for (const auto& name : names)
        if (text.starts_with(name) && name.size() > best.size()) best = name;
    return best;
}

/// The file of a pattern that goes with one of another pattern, by what the `*` of each stands for: the same, else the longest with which the other
/// begins, which may be nothing. Says so where there is none.
inline std::optional<file> find_with(const std::string& pattern, const std::string& star) {
    std::optional<file> best;
    const auto all = find_all(pattern);
    for (const auto& f : all)
        if (star.starts_with(f.star) && (!best || f.star.size() > best->star.size())) best = f;
    if (!best && !all.empty()) skip(pattern, "none goes with '" + star + "'");
    return best;
}

inline json read_json(const std::filesystem::path& path) {
    std::ifstream in{path};
    if (!in) throw std::runtime_error{"cannot open " + path.string()};
    return json::parse(in);
}

/// A CSV row by column name. Quoted fields may hold the separator, quotes are doubled.
using row = std::map<std::string, std::string, std::less<>>;

inline std::vector<std::string> split_csv(std::string_view line, char separator = ',') {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') fields.back() += line[++i];
        else if (c == '"') quoted = !quoted;
        else if (c == separator && !quoted) fields.emplace_back();
        else if (c != '\r') fields.back() += c;
    }
    return fields;
}

inline std::vector<row> read_csv(const std::filesystem::path& path, char separator = ',') {
    std::ifstream in{path};
    if (!in) throw std::runtime_error{"cannot open " + path.string()};
    std::string line;
    if (!std::getline(in, line)) throw std::runtime_error{path.string() + " is empty"};
    const auto names = split_csv(line, separator);
    std::vector<row> rows;
    while (std::getline(in, line)) {
        if (line.empty() || line == "\r") continue;
        const auto fields = split_csv(line, separator);
        if (fields.size() != names.size())
            throw std::runtime_error{path.string() + ", row " + std::to_string(rows.size() + 1) + ": expected " + std::to_string(names.size()) +
                                     " fields, found " + std::to_string(fields.size())};
        auto& r = rows.emplace_back();
        for (std::size_t i = 0; i < names.size(); ++i) r[names[i]] = fields[i];
    }
    return rows;
}

/// Collects the comparisons of one file and prints its summary line when it goes out of scope:
/// `golden <file>: N rows, max relative error E`. Every miss is a failed CHECK that names row, value, expected and found;
/// so is a file that is there and with which nothing was compared, unless a reason was given.
class summary {
public:
    summary(std::string file, double tolerance) : file_{std::move(file)}, tolerance_{tolerance} {}
    summary(const summary&) = delete;
    summary& operator=(const summary&) = delete;
    ~summary() {
        if (left_out_ && compared_ == 0) return;
        std::printf("golden %s: %zu rows, max relative error %.3g\n", file_.c_str(), rows_, worst_);
        std::fflush(stdout);
        if (std::uncaught_exceptions() != exceptions_) return;
        INFO("golden " << file_ << ": values that were compared");
        CHECK(compared_ > 0);
    }

    /// Says why the file, or what is left of it, is not compared; it is no failure then that nothing was.
    void leave_out(const std::string& reason) {
        skip(file_, reason);
        left_out_ = true;
    }

    /// Begins a row; call once for each row of the file.
    void next_row() { ++rows_; }

    /// Compares a number of the current row; infinities and NaN must agree in kind. Relative to the expected value, absolute where that is 0.
    void compare(std::string_view what, double expected, double found) {
        ++compared_;
        const double error = relative_error(expected, found);
        if (error > worst_ || std::isnan(error)) worst_ = error;
        if (!(error <= tolerance_)) {
            INFO("golden " << file_ << ", row " << rows_ << ", " << what << ": expected " << expected << ", found " << found << ", relative error "
                           << error);
            CHECK(error <= tolerance_);
        }
    }

    /// Compares a number that is in the file a second time in another precision, which is not an error of ours: it does not count as one unless it is
    /// beyond the tolerance.
    void agree(std::string_view what, double expected, double found) {
        ++compared_;
        if (!(relative_error(expected, found) <= tolerance_)) compare(what, expected, found);
    }

    /// Compares something that must be equal: a name, a flag, a count, a mapping.
    template <class T>
    void equal(std::string_view what, const T& expected, const T& found) {
        ++compared_;
        if (!(expected == found)) {
            worst_ = std::numeric_limits<double>::infinity();
            INFO("golden " << file_ << ", row " << rows_ << ", " << what);
            CHECK(expected == found);
        }
    }

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] double worst() const { return worst_; }

private:
    static double relative_error(double expected, double found) {
        if (expected == found || (std::isnan(expected) && std::isnan(found))) return 0;
        if (!std::isfinite(expected) || !std::isfinite(found)) return std::numeric_limits<double>::infinity();
        return std::abs(found - expected) / (expected == 0 ? 1 : std::abs(expected));
    }

    std::string file_;
    double tolerance_;
    std::size_t rows_ = 0, compared_ = 0;
    double worst_ = 0;
    bool left_out_ = false;
    int exceptions_ = std::uncaught_exceptions();
};

} // namespace golden
