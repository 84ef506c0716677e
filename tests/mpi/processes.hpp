#pragma once

#include <verdant/distributed/mpi_processes.hpp>

#include <string>
#include <vector>

namespace mpi_tests {

// The processes of this program, from the first use to its end.
inline const verdant::mpi_processes& processes() {
    static const verdant::mpi_processes all;
    return all;
}

// What a search found, all of it but the times.
template <class Result>
std::vector<std::string> told(const Result& found) {
    std::vector<std::string> all;
    for (const auto& t : found.trials()) {
        std::string line = std::to_string(t.number) + ' ' + to_string(t.point) + ' ' + t.message;
        for (const auto v : t.values.si_values()) line += ' ' + std::to_string(v == v ? v : -1);
        all.push_back(line);
    }
    return all;
}

} // namespace mpi_tests
