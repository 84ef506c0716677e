// What the results that a program keeps were made with, in text files beside them, so that nothing goes on with other settings.
#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/sha512.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace terminal {

/// Refuses to go on with what other settings made. A file that is not there, as of earlier versions, tells nothing; what a file of an earlier version does not say is told on
/// standard error.
/// @param elsewhere what to give instead, such as `another args.path`
/// @throws input_error with all names that differ, and their values; file_error
inline void check_settings(const std::filesystem::path& file, const verdant::run_facts& ours, const std::string& elsewhere) {
    if (!std::filesystem::exists(file)) return;
    const auto theirs = verdant::result_folder::facts_in(verdant::io::read_file(file.string()));
    const auto add = [](std::string& list, const std::string& one) { list += (list.empty() ? "" : ", ") + one; };
    std::string names, wanted, found, unsaid;
    for (const auto& [name, value] : ours) {
        const std::string* have = nullptr;
        for (const auto& [their_name, their_value] : theirs)
            if (their_name == name) have = &their_value;
        if (have == nullptr) add(unsaid, name);
        if (have == nullptr || *have == value) continue;
        add(names, name);
        add(wanted, value);
        add(found, *have);
    }
    if (!names.empty()) throw verdant::input_error{file.string(), names, wanted + " as asked for now, or " + elsewhere, found};
    if (!unsaid.empty()) std::cerr << file.string() << " does not say " << unsaid << ", which must be as before" << std::endl;
}

/// `NAME VALUE` a line. @throws file_error
inline void write_settings(const std::filesystem::path& file, const verdant::run_facts& facts) {
    std::string text;
    for (const auto& [name, value] : facts) text += name + ' ' + value + '\n';
    verdant::io::write_file(file.string(), text);
}

/// What files are told by: their names and bytes, since others may be written under the same paths. The first 16 digits of their SHA-512.
/// @param paths of files, and of folders whose files are meant @throws file_error where one cannot be read
[[nodiscard]] inline std::string digest_of(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) files.push_back(path);
        else
            for (const auto& entry : std::filesystem::directory_iterator{path})
                if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    verdant::sha512 all;
    for (const auto& file : files) {
        const auto bytes = verdant::io::read_file(file);
        all.add(std::filesystem::path{file}.filename().string() + ' ' + std::to_string(bytes.size()) + '\n');
        all.add(bytes);
    }
    return all.hex().substr(0, 16);
}

} // namespace terminal
