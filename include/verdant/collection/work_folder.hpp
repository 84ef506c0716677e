#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

/// A folder in which several processes share numbered pieces of work.
namespace verdant::collection {

/// Names of options and their values, in order: what all processes that share a folder must agree on.
using work_settings = std::vector<std::pair<std::string, std::string>>;
/// The file of a folder that holds them: the columns setting and value.
inline constexpr std::string_view settings_file = "collection.csv";

namespace detail {

/// Whether there is a file. @throws file_error where the system does not say
[[nodiscard]] inline bool exists(const std::string& path) {
    std::error_code failure;
    const bool there = std::filesystem::exists(path, failure);
    if (failure) throw file_error{path, "look for", failure.message()};
    return there;
}

/// Refuses the settings of a folder that was begun with others. @throws input_error that names the setting
template <class = instantiated_when_used>
void require_same(const io::csv_table& begun, const collection::work_settings& settings) {
    const auto names = begun.column("setting"), values = begun.column("value");
    const auto differs = [&](const std::string& name, const std::string& there, const std::string& here) {
        throw input_error{begun.source, name, "'" + here + "' as now, or another folder", "'" + there + "', with which the collection was begun"};
    };
    for (const auto& [name, value] : settings) {
        std::string there = "nothing";
        for (const auto& row : begun.rows)
            if (row[names] == name) there = row[values];
        if (there != value) differs(name, there, value);
    }
    for (const auto& row : begun.rows) {
        bool known = false;
        for (const auto& [name, value] : settings) known = known || name == row[names];
        if (!known) differs(row[names], row[values], "nothing");
    }
}
VERDANT_DEFINED_ONCE(void require_same<>(const io::csv_table&, const collection::work_settings&));

/// Writes the settings of a folder, or compares them with those that it was begun with.
template <class = instantiated_when_used>
void agree(const std::string& path, const collection::work_settings& settings) {
    // Those who begin at the same time wait for each other.
    const auto lock = [&path] {
        for (;; ::usleep(1000))
            if (auto free = io::detail::study_lock::if_free(path)) return *std::move(free);
    }();
    if (!exists(path)) {
        io::csv_table table{.columns = {"setting", "value"}, .rows = {}, .lines = {}, .source = path};
        for (const auto& [name, value] : settings) table.rows.push_back({name, value});
        return io::write_file(path, io::csv_text(table));
    }
    require_same(io::read_csv(path), settings);
}
VERDANT_DEFINED_ONCE(void agree<>(const std::string&, const collection::work_settings&));

} // namespace detail

/// The right to do a piece of work. The system ends it with the process, however that dies.
class work_claim {
public:
    work_claim(io::detail::study_lock lock, std::size_t id) : lock_{std::move(lock)}, id_{id} {}
    [[nodiscard]] std::size_t id() const noexcept { return id_; }

private:
    io::detail::study_lock lock_;
    std::size_t id_;
};

/// A folder of numbered results, `result_<id>.json`, each of which appears whole or not at all, or in its place `left_out_<id>.txt` with the reason.
/// Who works on one holds a lock below `claims/`, which the death of the process lifts, so that no result is made twice but for those that were in
/// the making. Any number of processes and threads may work in a folder; one object belongs to one thread.
class work_folder {
public:
    /// Makes the folder where it is not there, and writes `collection.csv` with the settings into it.
    /// @throws file_error; input_error that names the setting, for a folder that was begun with others
    work_folder(std::string folder, const work_settings& settings) : folder_{std::move(folder)} {
        std::error_code failure;
        std::filesystem::create_directories(std::filesystem::path{folder_} / "claims", failure);
        if (failure) throw file_error{folder_, "create", failure.message()};
        verdant::collection::detail::agree(below(std::string{settings_file}), settings);
    }

    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    /// Where the result of a piece of work is, or will be.
    [[nodiscard]] std::string result_path(std::size_t id) const { return below("result_" + std::to_string(id) + ".json"); }
    /// Where it says why a piece of work has no result.
    [[nodiscard]] std::string left_out_path(std::size_t id) const { return below("left_out_" + std::to_string(id) + ".txt"); }

    [[nodiscard]] bool finished(std::size_t id) { return remembered(finished_, id, result_path(id)); }
    [[nodiscard]] bool left_out(std::size_t id) { return remembered(left_out_, id, left_out_path(id)); }

    /// The right to a piece of work, or none where it is done or another has it. @throws file_error where locks cannot be made
    [[nodiscard]] std::optional<work_claim> claim(std::size_t id) {
        if (finished(id) || left_out(id)) return std::nullopt;
        auto lock = io::detail::study_lock::if_free(below("claims/" + std::to_string(id)));
        // Another may have finished it between the look and the lock.
        if (!lock || finished(id) || left_out(id)) return std::nullopt;
        return work_claim{*std::move(lock), id};
    }

    /// Keeps a result; on the disk when this returns. @throws file_error
    void finish(const work_claim& claim, std::string_view result) const { io::write_file(result_path(claim.id()), result); }
    /// Keeps the reason for which a piece of work has no result. @throws file_error
    void leave_out(const work_claim& claim, std::string_view reason) const { io::write_file(left_out_path(claim.id()), std::string{reason} + '\n'); }

private:
    [[nodiscard]] std::string below(const std::string& name) const { return (std::filesystem::path{folder_} / name).string(); }

    /// What is there once stays, so the system is asked no more.
    [[nodiscard]] static bool remembered(std::vector<bool>& known, std::size_t id, const std::string& path) {
        if (id >= known.size()) known.resize(id + 1);
        if (!known[id]) known[id] = verdant::collection::detail::exists(path);
        return known[id];
    }

    std::string folder_;
    std::vector<bool> finished_, left_out_;
};

} // namespace verdant::collection
