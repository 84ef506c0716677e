#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstring>

/// What makes the pages of a write-ahead log cheap to write.
namespace verdant::detail::sqlite {

/// SQLite appends a page to its log by two calls: a head of 24 bytes, and the page behind it. The first costs the system nearly as much as the second,
/// so here a head that goes where the last write ended waits for its page, which comes next, and both are written by one call. Everything else,
/// whatever it is, finds the head written. Heads without a page, which SQLite writes again where a large transaction changes a page that is in the log
/// already (walRewriteChecksums), follow a read of theirs and do not wait: the last one may be what commits.
struct log_file {
    static constexpr int head = 24, longest_page = 4096;

    sqlite3_file base; ///< first: it is what SQLite knows
    sqlite3_int64 at; ///< where the waiting head belongs
    sqlite3_int64 end; ///< of the last write, held or not; -1 where something else came after it
    bool waits;
    char joined[head + longest_page];

    [[nodiscard]] static log_file& of(sqlite3_file* file) { return *reinterpret_cast<log_file*>(file); }
    /// The file of the system, which lies behind this one.
    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(this) + space); }
    /// How much memory this takes before the file of the system.
    static const std::size_t space;

    [[nodiscard]] int write_head() {
        if (!waits) return SQLITE_OK;
        waits = false;
        return real()->pMethods->xWrite(real(), joined, head, at);
    }
    [[nodiscard]] int write(const void* data, int length, sqlite3_int64 to) {
        if (waits && to == at + head && length <= longest_page) {
            waits = false;
            end = to + length;
            std::memcpy(joined + head, data, static_cast<std::size_t>(length));
            return real()->pMethods->xWrite(real(), joined, head + length, at);
        }
        if (const auto failed = write_head(); failed != SQLITE_OK) return failed;
        const bool appends = to == end;
        end = to + length;
        if (length != head || !appends) return real()->pMethods->xWrite(real(), data, length, to);
        std::memcpy(joined, data, head);
        at = to;
        waits = true;
        return SQLITE_OK;
    }
    /// Calls `use` with the file of the system once the head is in it. @return what either gives
    template <class Use>
    [[nodiscard]] static int complete(sqlite3_file* file, Use use) {
        if (const auto failed = of(file).write_head(); failed != SQLITE_OK) return failed;
        of(file).end = -1;
        return use(of(file).real());
    }

    [[nodiscard]] static int close(sqlite3_file* file) {
        const auto written = of(file).write_head();
        const auto closed = of(file).real()->pMethods->xClose(of(file).real());
        return written != SQLITE_OK ? written : closed;
    }
    [[nodiscard]] static const sqlite3_io_methods& methods();
};
inline constexpr std::size_t log_file::space =
    (sizeof(log_file) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

inline const sqlite3_io_methods& log_file::methods() {
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods m{};
        m.iVersion = 1; // a log is neither shared as memory nor mapped
        m.xClose = &close;
        m.xRead = [](sqlite3_file* f, void* to, int length, sqlite3_int64 from) {
            return complete(f, [=](sqlite3_file* real) { return real->pMethods->xRead(real, to, length, from); });
        };
        m.xWrite = [](sqlite3_file* f, const void* data, int length, sqlite3_int64 to) { return of(f).write(data, length, to); };
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 length) {
            return complete(f, [=](sqlite3_file* real) { return real->pMethods->xTruncate(real, length); });
        };
        m.xSync = [](sqlite3_file* f, int flags) { return complete(f, [=](sqlite3_file* real) { return real->pMethods->xSync(real, flags); }); };
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* length) {
            return complete(f, [=](sqlite3_file* real) { return real->pMethods->xFileSize(real, length); });
        };
        m.xLock = [](sqlite3_file* f, int kind) { return of(f).real()->pMethods->xLock(of(f).real(), kind); };
        m.xUnlock = [](sqlite3_file* f, int kind) { return of(f).real()->pMethods->xUnlock(of(f).real(), kind); };
        m.xCheckReservedLock = [](sqlite3_file* f, int* is) { return of(f).real()->pMethods->xCheckReservedLock(of(f).real(), is); };
        m.xFileControl = [](sqlite3_file* f, int what, void* value) {
            return complete(f, [=](sqlite3_file* real) { return real->pMethods->xFileControl(real, what, value); });
        };
        m.xSectorSize = [](sqlite3_file* f) { return of(f).real()->pMethods->xSectorSize(of(f).real()); };
        m.xDeviceCharacteristics = [](sqlite3_file* f) { return of(f).real()->pMethods->xDeviceCharacteristics(of(f).real()); };
        return m;
    }();
    return all;
}

/// The files of another VFS of SQLite, but for logs, which are `log_file`s. Must outlive its connections.
class log_file_system {
public:
    /// @param name by which connections are opened with it
    log_file_system(sqlite3_vfs* real, const char* name) : made_{{*real}, real} {
        made_.base.zName = name;
        made_.base.pNext = nullptr;
        made_.base.szOsFile = static_cast<int>(log_file::space) + real->szOsFile;
        made_.base.xOpen = &open;
        registered_ = sqlite3_vfs_register(&made_.base, 0) == SQLITE_OK;
    }
    log_file_system(const log_file_system&) = delete;
    log_file_system& operator=(const log_file_system&) = delete;
    ~log_file_system() {
        if (registered_) sqlite3_vfs_unregister(&made_.base);
    }

    /// What a connection is opened with; empty, which is the usual way, where it could not be registered.
    [[nodiscard]] const char* name() const { return registered_ ? made_.base.zName : ""; }

private:
    struct over {
        sqlite3_vfs base; ///< first: it is what SQLite knows
        sqlite3_vfs* real;
    };

    [[nodiscard]] static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* opened) {
        auto* real = reinterpret_cast<over*>(vfs)->real;
        if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, path, file, flags, opened);
        auto& log = log_file::of(file);
        log.base.pMethods = nullptr;
        log.waits = false;
        log.end = -1;
        log.real()->pMethods = nullptr;
        const auto result = real->xOpen(real, path, log.real(), flags, opened);
        if (result == SQLITE_OK) log.base.pMethods = &log_file::methods();
        else if (log.real()->pMethods != nullptr) log.real()->pMethods->xClose(log.real());
        return result;
    }

    over made_;
    bool registered_ = false;
};

/// The name of the one over the files of the system; empty, which is the usual way, where SQLite has none, or one that is not its own of Unix and may
/// not like to be called by another.
[[nodiscard]] inline const char* joined_log_files() {
    static auto* const usual = sqlite3_vfs_find(nullptr); // which initialises SQLite
    if (usual == nullptr || std::strncmp(usual->zName, "unix", 4) != 0) return "";
    static auto* const made = new log_file_system{usual, "verdant-log"}; // for as long as the program runs: SQLite keeps it
    return made->name();
}

} // namespace verdant::detail::sqlite
