#pragma once

#include <list>
#include <vector>

/// As std::stable_sort, which in libstdc++ 12 calls what clang calls deprecated; lists sort stably, too.
template <class T, class Before>
void stable_sort(std::vector<T>& values, Before before) {
    std::list<T> sorted(values.begin(), values.end());
    sorted.sort(before);
    values.assign(sorted.begin(), sorted.end());
}
