#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

/// A lazily sorted list.
namespace verdant::hardware::detail {

/// Reads a list in ascending order, sorting no more of it than is read. The list must not change meanwhile.
template <class T>
class ascending_list {
public:
    explicit ascending_list(std::vector<T>& list) : list_{&list} {}

    /// The i-th smallest element. @pre i is less than the size of the list
    const T& operator[](std::size_t i) {
        while (i >= sorted_) {
            const auto from = list_->begin() + static_cast<std::ptrdiff_t>(sorted_);
            sorted_ = std::min(list_->size(), std::max<std::size_t>(32, 4 * sorted_));
            const auto to = list_->begin() + static_cast<std::ptrdiff_t>(sorted_);
            if (to != list_->end()) std::nth_element(from, to, list_->end());
            std::sort(from, to);
        }
        return (*list_)[i];
    }

private:
    std::vector<T>* list_;
    std::size_t sorted_ = 0;
};

} // namespace verdant::hardware::detail
