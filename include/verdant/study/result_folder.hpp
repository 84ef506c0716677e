#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

/// A folder of results that belongs to one run.
namespace verdant {

/// What the results in a folder depend on: what each setting is called, and its value, in order.
using run_facts = std::vector<std::pair<std::string, std::string>>;

/// Refuses results that belong to another run: every fact of ours must be among theirs, with the same value.
/// @param source the file that theirs were read from
/// @throws input_error{source, name of the first that differs, our value, their value}
inline void check_same_run(const std::string& source, const run_facts& ours, const run_facts& theirs) {
    for (const auto& [name, value] : ours) {
        const std::string* found = nullptr;
        for (const auto& [their_name, their_value] : theirs)
            if (their_name == name) found = &their_value;
        if (found == nullptr || *found != value)
            throw input_error{source, name, value + " as asked for, or another folder", found == nullptr ? "nothing" : *found};
    }
}

/// A folder for the results of a run. It is made before the work, so that hours of it are not in vain, and goes away again, with the folders above it
/// that were made, where nothing was written.
class result_folder {
public:
    /// @throws file_error if the folder cannot be made or written to; nothing is left behind then
    explicit result_folder(const std::filesystem::path& path) : path_{std::filesystem::absolute(path).lexically_normal()} {
        namespace fs = std::filesystem;
        if (!path_.has_filename()) path_ = path_.parent_path(); // a trailing slash
        std::error_code failure;
        for (auto part = path_; !fs::exists(part, failure) && part.has_relative_path(); part = part.parent_path()) made_.push_back(part);
        fs::create_directories(path_, failure);
        if (failure) reject("make the folder", failure.message());
        if (!fs::is_directory(path_)) reject("make the folder", "it is a file");
        if (access(path_.c_str(), W_OK | X_OK) != 0) reject("write to", std::generic_category().message(errno));
    }
    result_folder(const result_folder&) = delete;
    result_folder& operator=(const result_folder&) = delete;
    ~result_folder() { remove_made(); }

    /// Where it is, absolute.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// A file in it.
    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

    /// Writes a file, whole or not at all. @throws file_error
    void write(std::string_view name, std::string_view text) {
        io::write_file(file(name), text);
        keep();
    }
    /// Keeps the folder, for files that others write into it.
    void keep() noexcept { made_.clear(); }

    /// Makes the folder that of a run: writes its facts to a file, `NAME VALUE` a line, or compares them with those that are there.
    /// @pre names have no spaces, values no line ends
    /// @throws input_error naming the fact in which the results that are there belong to another run; file_error
    void claim(std::string_view name, const run_facts& facts) {
        const auto path = file(name);
        if (std::filesystem::exists(path)) return check_same_run(path, facts, facts_in(io::read_file(path)));
        std::string text;
        for (const auto& [fact, value] : facts) text += fact + ' ' + value + '\n';
        write(name, text);
    }

    /// The facts in the text of a file that `claim` wrote.
    [[nodiscard]] static run_facts facts_in(std::string_view text) {
        run_facts out;
        while (!text.empty()) {
            const auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(line.size() + (line.size() < text.size() ? 1 : 0));
            const auto space = line.find(' ');
            out.emplace_back(line.substr(0, space), space == line.npos ? std::string_view{} : line.substr(space + 1));
        }
        return out;
    }

private:
    void remove_made() noexcept {
        std::error_code ignored;
        for (const auto& folder : made_) std::filesystem::remove(folder, ignored); // only where it is empty
    }
    [[noreturn]] void reject(const char* what, const std::string& why) {
        remove_made();
        throw file_error{path_.string(), what, why};
    }

    std::filesystem::path path_;
    std::vector<std::filesystem::path> made_; // the innermost first
};

} // namespace verdant
