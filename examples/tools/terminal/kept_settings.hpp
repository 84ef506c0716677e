// What the results that moofa keeps were made with, in text files beside them, so that nothing goes on with other settings.
#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/study/result_folder.hpp>

#include <filesystem>
#include <string>

namespace moofa {

namespace vd = verdant;

/// Refuses to go on with what other settings made. A file that is not there, as of earlier versions, tells nothing.
/// @param elsewhere what to give instead, such as `another args.path`
/// @throws input_error with all names that differ, and the first in full; file_error
inline void check_settings(const std::filesystem::path& file, const vd::run_facts& ours, const std::string& elsewhere) {
    if (!std::filesystem::exists(file)) return;
    const auto theirs = vd::result_folder::facts_in(vd::io::read_file(file.string()));
    std::string names, wanted, found;
    for (const auto& [name, value] : ours) {
        std::string have = "nothing";
        for (const auto& [their_name, their_value] : theirs)
            if (their_name == name) have = their_value;
        if (have == value) continue;
        names += (names.empty() ? "" : ", ") + name;
        wanted += (wanted.empty() ? "" : ", ") + value;
        found += (found.empty() ? "" : ", ") + have;
    }
    if (!names.empty()) throw vd::input_error{file.string(), names, wanted + " as asked for now, or " + elsewhere, found};
}

/// `NAME VALUE` a line. @throws file_error
inline void write_settings(const std::filesystem::path& file, const vd::run_facts& facts) {
    std::string text;
    for (const auto& [name, value] : facts) text += name + ' ' + value + '\n';
    vd::io::write_file(file.string(), text);
}

} // namespace moofa
