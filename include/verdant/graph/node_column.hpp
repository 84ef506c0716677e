#pragma once

#include <cstddef>
#include <string>

namespace verdant::graph {

/// What one column of the features of nodes holds.
struct node_column {
    std::string name;
    std::size_t categories = 0; ///< it holds whole numbers from 0 up to, not including, this; 0: any number

    friend bool operator==(const node_column&, const node_column&) = default;
};

} // namespace verdant::graph
