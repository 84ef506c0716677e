#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

/// Keeps a copy of a folder in another one while a program writes into the first.
namespace verdant::io {

namespace detail {

/// Whether a file is one that `io::atomic_file` is still writing, or has left when its program was killed.
[[nodiscard]] inline bool is_unfinished(const std::filesystem::path& file) { return file.filename().string().find(".part-") != std::string::npos; }

/// Copies a file, which appears under its new name whole or not at all, with the time of the old one. @throws file_error
inline void copy_whole(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code failure;
    const auto time = std::filesystem::last_write_time(from, failure); // before the content, so that a later change is seen as one
    std::filesystem::create_directories(to.parent_path(), failure);
    if (failure) throw file_error{to.parent_path().string(), "make the folder", failure.message()};
    const auto fail = [&from](const char* what) { throw file_error{from.string(), what, std::generic_category().message(errno)}; };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(from.c_str(), "rb"), &std::fclose};
    if (!file) fail("open");
    atomic_file copy{to.string()};
    std::string buffer(std::size_t{1} << 20, '\0');
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), file.get())) copy.write({buffer.data(), n});
    if (std::ferror(file.get()) != 0) fail("read");
    copy.commit();
    std::filesystem::last_write_time(to, time, failure); // where the storage keeps times
}

/// Copies the files below a folder that another lacks, or has in another size or older, in the order of their names. What the other has besides
/// stays. Gives what could not be copied, and why.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> copy_changes(const std::filesystem::path& from, const std::filesystem::path& to) {
    namespace fs = std::filesystem;
    std::vector<std::string> wrong;
    std::error_code failure;
    std::vector<fs::path> files;
    for (auto next = fs::recursive_directory_iterator{from, failure}; !failure && next != fs::recursive_directory_iterator{};
         next.increment(failure)) {
        std::error_code none;
        if (next->is_regular_file(none) && !is_unfinished(next->path())) files.push_back(next->path());
    }
    if (failure) wrong.push_back(file_error{from.string(), "read the folder", failure.message()}.what());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto copy = to / file.lexically_relative(from);
        std::error_code none;
        const bool same = fs::file_size(file, none) == fs::file_size(copy, failure) && !failure &&
                          fs::last_write_time(copy, failure) >= fs::last_write_time(file, none) && !failure;
        if (same) continue;
        try {
            copy_whole(file, copy);
        } catch (const error& e) {
            if (fs::exists(file, none)) wrong.emplace_back(e.what()); // else it was removed meanwhile, as old checkpoints are
        }
    }
    return wrong;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> copy_changes<>(const std::filesystem::path&, const std::filesystem::path&));

} // namespace detail

/// Keeps a copy of a folder in another one, such as a mounted remote storage, while a program writes into the first: a thread copies what is new
/// every so often. Files appear whole; what is removed from the first stays in the copy. Errors do not disturb the program: they are told, each once,
/// and what failed is tried again the next time.
class folder_mirror {
public:
    /// @param report called as `report(text)` with each error, by the thread that copies or the one that calls `finish`
    folder_mirror(std::filesystem::path from, std::filesystem::path to, std::chrono::milliseconds every,
                  std::function<void(const std::string&)> report)
        : from_{std::move(from)}, to_{std::move(to)}, report_{std::move(report)}, thread_{[this, every] { work(every); }} {}
    folder_mirror(const folder_mirror&) = delete;
    folder_mirror& operator=(const folder_mirror&) = delete;
    /// Leaves what has not been copied.
    ~folder_mirror() { stop(); }

    /// Ends the thread and copies what is left. Gives whether all is there.
    bool finish() {
        stop();
        return copy();
    }

private:
    void stop() {
        {
            const std::lock_guard hold{mutex_};
            stopped_ = true;
        }
        wake_.notify_all();
        if (thread_.joinable()) thread_.join();
    }
    void work(std::chrono::milliseconds every) {
        std::unique_lock hold{mutex_};
        while (!wake_.wait_for(hold, every, [this] { return stopped_; })) {
            hold.unlock();
            copy();
            hold.lock();
        }
    }
    bool copy() {
        auto wrong = detail::copy_changes(from_, to_);
        for (const auto& text : wrong)
            if (std::find(told_.begin(), told_.end(), text) == told_.end()) report_(text);
        told_ = std::move(wrong);
        return told_.empty();
    }

    std::filesystem::path from_, to_;
    std::function<void(const std::string&)> report_;
    std::vector<std::string> told_; ///< by the last pass
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    std::thread thread_; ///< last, so that it finds all others
};

} // namespace verdant::io
