#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/appended_file.hpp>
#include <verdant/io/tensorboard/crc32c.hpp>
#include <verdant/io/tensorboard/event_message.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8_step.hpp>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace verdant::io {

/// A record as TFRecord files have it (tensorflow/core/lib/io/record_writer.h): length, masked checksum of the length, bytes, masked checksum of the
/// bytes.
template <class = instantiated_when_used>
[[nodiscard]] std::string tensorflow_record(std::string_view bytes) {
    const auto masked = [](std::string_view of) {
        const auto sum = crc32c(of);
        return ((sum >> 15U) | (sum << 17U)) + 0xa282ead8U;
    };
    const auto little_endian = [](std::uint64_t value, int count) {
        std::string text;
        for (; count > 0; --count, value >>= 8U) text += static_cast<char>(value & 255U);
        return text;
    };
    const auto length = little_endian(bytes.size(), 8);
    std::string record = length + little_endian(masked(length), 4);
    record += bytes;
    return record + little_endian(masked(bytes), 4);
}
VERDANT_DEFINED_ONCE(std::string tensorflow_record<>(std::string_view));

/// How an event file is written.
struct event_file_options {
    std::optional<std::int64_t>
        goes_on_at{}; ///< of a run that goes on: its first step; what earlier files of the folder have of that and later steps counts no more
    double flush = 10; ///< seconds between writes, 0 for each event at once
};

/// Scalars and texts over the steps of a training, for TensorBoard: `tensorboard --logdir FOLDER`. Each run has a file of its own, also one that goes
/// on: TensorBoard shows all files of a folder as one. Events are written whole, some seconds late at most; a kill loses those. Not for several
/// threads at once.
class event_file {
public:
    using options = event_file_options;

    /// Makes the folder, those above it, and a file `events.out.tfevents.TIME.HOST.PROCESS.NUMBER` in it. Throws file_error.
    /// Throws input_error for a time between writes that is below 0 or NaN, by which nothing would be written before the end.
    explicit event_file(const std::string& folder, const options& o = {}) : flush_{o.flush} {
        if (!(flush_ >= 0)) throw input_error{"event file", "flush", "0 or more seconds", std::to_string(flush_)};
        make_folders(folder);
        file_ = std::make_unique<appended_file>(new_name(folder));
        add(detail::version_event(now()));
        if (o.goes_on_at) add(detail::restart_event(now(), *o.goes_on_at));
        flush();
    }
    event_file(const event_file&) = delete;
    event_file& operator=(const event_file&) = delete;
    /// Writes what is left; an error there is lost, unless `flush` was called.
    ~event_file() {
        try {
            flush();
        } catch (...) {} // NOLINT(bugprone-empty-catch)
    }

    [[nodiscard]] const std::string& path() const noexcept { return file_->path(); }

    /// A number at a step. TensorBoard keeps single precision. @param tag such as `loss/train`: what stands before the slash is a group; what in it
    /// is no UTF-8 is replaced, since TensorBoard reads no further where a tag is none
    /// @throws file_error where the file cannot be written to
    void scalar(std::string_view tag, double value, std::int64_t step) {
        add(detail::scalar_event(now(), step, valid_utf8(tag), static_cast<float>(value)));
        flush_when_due();
    }
    /// A text at a step, in Markdown. @throws file_error where the file cannot be written to
    void text(std::string_view tag, std::string_view words, std::int64_t step) {
        add(detail::text_event(now(), step, valid_utf8(tag), words));
        flush_when_due();
    }
    /// Writes what is held. @throws file_error
    void flush() {
        file_->append(held_);
        held_.clear();
        written_ = now();
    }

private:
    [[nodiscard]] static double now() {
        timespec t{};
        clock_gettime(CLOCK_REALTIME, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }
    void add(std::string_view event) { held_ += tensorflow_record(event); }
    void flush_when_due() {
        const auto since = now() - written_;
        if (since >= flush_ || since < 0 || held_.size() > (1U << 20U)) flush();
    }

    static void make_folders(const std::string& folder) {
        if (folder.empty()) throw file_error{folder, "make the folder", "it has no name"};
        for (auto end = folder.find('/', 1);; end = folder.find('/', end + 1)) {
            const auto part = folder.substr(0, end);
            if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST)
                throw file_error{part, "make the folder", std::generic_category().message(errno)};
            if (end == std::string::npos) return;
        }
    }
    /// Unique among the processes of a machine, and among machines by their names.
    [[nodiscard]] static std::string new_name(const std::string& folder) {
        static std::atomic<unsigned> count{0};
        char host[256]{};
        if (::gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') std::snprintf(host, sizeof host, "localhost");
        char time[32];
        std::snprintf(time, sizeof time, "%010lld", static_cast<long long>(now()));
        return folder + "/events.out.tfevents." + time + '.' + host + '.' + std::to_string(::getpid()) + '.' + std::to_string(count++);
    }

    double flush_, written_ = 0; ///< seconds
    std::unique_ptr<appended_file> file_;
    std::string held_;
};

} // namespace verdant::io
