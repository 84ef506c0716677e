// What the results that a program keeps were made with, in text files beside them, so that nothing goes on with other settings.
#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/sha512.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace terminal {

/// What files of earlier versions say otherwise.
struct earlier_settings {
    std::vector<std::string> unsaid{}; ///< names that they lack: told on standard error
    std::vector<std::pair<std::string, std::string>>
        instead{}; ///< names that are compared only where a file lacks the second one, which says it better
};

namespace detail {

/// The part of a value that is compared: of `NAME (DIGEST)`, as `named_digest_of` gives it, the digest.
[[nodiscard]] inline std::string_view compared(std::string_view value) {
    constexpr std::size_t digest = 19; // with the blank and brackets
    const bool named = value.size() > digest && value.ends_with(')') && value.substr(value.size() - digest).starts_with(" (") &&
                       value.substr(value.size() - 17, 16).find_first_not_of("0123456789abcdef") == value.npos;
    return named ? value.substr(value.size() - 17, 16) : value;
}

[[nodiscard]] inline std::string settings_text(const verdant::run_facts& facts) {
    std::string text;
    for (const auto& [name, value] : facts) text += name + ' ' + value + '\n';
    return text;
}

} // namespace detail

/// Refuses to go on with what other settings made. A file that is not there, as of earlier versions, tells nothing; what a file of an earlier version does not say is told on
/// standard error, by the first of several processes.
/// @param elsewhere what to give instead, such as `another args.path`
/// @throws input_error with all names that differ or are missing, and their values; file_error
inline void check_settings(const std::filesystem::path& file, const verdant::run_facts& ours, const std::string& elsewhere,
                           const earlier_settings& earlier = {}) {
    if (!std::filesystem::exists(file)) return;
    const auto theirs = verdant::result_folder::facts_in(verdant::io::read_file(file.string()));
    const auto of = [&theirs](const std::string& name) -> const std::string* {
        for (const auto& [their_name, their_value] : theirs)
            if (their_name == name) return &their_value;
        return nullptr;
    };
    const auto add = [](std::string& list, const std::string& one) { list += (list.empty() ? "" : ", ") + one; };
    std::string names, wanted, found, unsaid;
    for (const auto& [name, value] : ours) {
        const auto* const have = of(name);
        const auto replaced =
            std::find_if(earlier.instead.begin(), earlier.instead.end(), [&](const auto& x) { return x.first == name && of(x.second); });
        if (replaced != earlier.instead.end()) continue;
        if (have == nullptr && std::find(earlier.unsaid.begin(), earlier.unsaid.end(), name) != earlier.unsaid.end()) {
            add(unsaid, name + ' ' + value);
            continue;
        }
        if (have != nullptr && detail::compared(*have) == detail::compared(value)) continue;
        add(names, name);
        add(wanted, value);
        add(found, have == nullptr ? "nothing" : *have);
    }
    if (!names.empty()) throw verdant::input_error{file.string(), names, wanted + " as asked for now, or " + elsewhere, found};
    if (!unsaid.empty() && verdant::parallel::speaks_for_all())
        std::cerr << file.string() << " is of an earlier version; taken as the same as before: " << unsaid << std::endl;
}

/// `NAME VALUE` a line. @throws file_error
inline void write_settings(const std::filesystem::path& file, const verdant::run_facts& facts) {
    verdant::io::write_file(file.string(), detail::settings_text(facts));
}

/// The settings of results that several processes may add to at once, in a file that each of them holds as long as it adds. One that is alone with the file, before there are
/// results, replaces what a run left that ended before its first; all others have the same settings or are refused.
class settings_in_use {
public:
    /// @param file of the settings @param results that are made with them, and may be there already
    /// @throws input_error as `check_settings`; file_error
    settings_in_use(const std::filesystem::path& file, const std::filesystem::path& results, const verdant::run_facts& ours,
                    const std::string& elsewhere, const earlier_settings& earlier = {})
        : file_{::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)} {
        const bool made = file_.number >= 0;
        if (!made && errno == EEXIST) file_.number = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
        if (file_.number < 0) fail(file, "open");
        if (::flock(file_.number, LOCK_EX | LOCK_NB) == 0) {
            const bool begun = std::filesystem::exists(results);
            if (made && begun && verdant::parallel::speaks_for_all())
                std::cerr << results.string() << " does not say what made it; taken as made with what is asked for now, and " << file.string()
                          << " says so from here on" << std::endl;
            if (made || !begun) {
                const auto text = detail::settings_text(ours);
                if (::ftruncate(file_.number, 0) != 0 || ::pwrite(file_.number, text.data(), text.size(), 0) != static_cast<::ssize_t>(text.size()))
                    fail(file, "write");
            }
        }
        // In between, another process may be alone with it and write its own: so what is there is looked at behind this.
        while (::flock(file_.number, LOCK_SH) != 0)
            if (errno != EINTR) fail(file, "lock");
        check_settings(file, ours, elsewhere, earlier);
    }

private:
    struct descriptor {
        int number = -1;
        explicit descriptor(int given_number) : number{given_number} {}
        descriptor(const descriptor&) = delete;
        descriptor& operator=(const descriptor&) = delete;
        ~descriptor() {
            if (number >= 0) ::close(number);
        }
    };
    [[noreturn]] static void fail(const std::filesystem::path& file, const char* what) {
        throw verdant::file_error{file.string(), what, std::generic_category().message(errno)};
    }
    descriptor file_;
};

/// Whether the names of files are part of what is told of them.
enum class hashed_names : unsigned char { in_folders, all };

/// What files are told by: their bytes, and the names of those in folders, since others may be written under the same paths and the same under others. The first 16 digits of their
/// SHA-512.
/// @param paths of files, and of folders whose files are meant, in this order @throws file_error where one cannot be read
[[nodiscard]] inline std::string digest_of(const std::vector<std::string>& paths, hashed_names names = hashed_names::in_folders) {
    verdant::sha512 all;
    const auto add = [&all](const std::string& file, bool named) { // piece by piece, since weights may be larger than the memory
        const auto source = verdant::io::byte_source::open(file);
        all.add((named ? std::filesystem::path{file}.filename().string() : "") + ' ' + std::to_string(source.size()) + '\n');
        std::vector<unsigned char> piece(std::size_t{1} << 20);
        for (std::uint64_t at = 0; at < source.size(); at += piece.size()) {
            piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), source.size() - at)));
            source.read(at, std::span{piece}, "its bytes");
            all.add({reinterpret_cast<const char*>(piece.data()), piece.size()});
        }
    };
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            add(path, names == hashed_names::all);
            continue;
        }
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator{path})
            if (entry.is_regular_file()) files.push_back(entry.path().string());
        std::sort(files.begin(), files.end());
        for (const auto& file : files) add(file, true);
    }
    return all.hex().substr(0, 16);
}

/// `NAME (DIGEST)`: the name of the first file for who reads it, and the digest of all, by which `check_settings` compares.
[[nodiscard]] inline std::string named_digest_of(const std::vector<std::string>& paths) {
    return std::filesystem::path{paths.front()}.filename().string() + " (" + digest_of(paths) + ')';
}

} // namespace terminal
