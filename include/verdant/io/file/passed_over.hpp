#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace verdant::io {

/// What a reader of data from elsewhere left out, since one odd line or file must not stop a large data set.
struct passed_over {
    std::size_t count = 0;
    std::string first; ///< what and why: `train.csv, line 7: expected 2 fields, found 3`; empty where nothing was left out

    void add(std::string what) {
        if (count++ == 0) first = std::move(what);
    }
    void add(const passed_over& more) {
        if (count == 0) first = more.first;
        count += more.count;
    }

    [[nodiscard]] friend bool operator==(const passed_over&, const passed_over&) = default;
};

} // namespace verdant::io
