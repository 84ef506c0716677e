#pragma once

#include <pthread.h>

namespace verdant::detail {

/// Many readers or one writer. In POSIX terms, as std::shared_mutex itself is: <mutex> and <shared_mutex> would take a tenth of the time that an
/// estimator takes to compile.
class readers_writer_lock {
public:
    readers_writer_lock() = default;
    readers_writer_lock(const readers_writer_lock&) = delete;
    readers_writer_lock& operator=(const readers_writer_lock&) = delete;
    ~readers_writer_lock() { pthread_rwlock_destroy(&lock_); }

    /// Holds the lock as long as it lives.
    class hold {
    public:
        explicit hold(pthread_rwlock_t& lock) : lock_{lock} {}
        hold(const hold&) = delete;
        hold& operator=(const hold&) = delete;
        ~hold() { pthread_rwlock_unlock(&lock_); }

    private:
        pthread_rwlock_t& lock_;
    };

    [[nodiscard]] hold read() {
        pthread_rwlock_rdlock(&lock_);
        return hold{lock_};
    }
    [[nodiscard]] hold write() {
        pthread_rwlock_wrlock(&lock_);
        return hold{lock_};
    }

private:
    pthread_rwlock_t lock_ = PTHREAD_RWLOCK_INITIALIZER;
};

} // namespace verdant::detail
