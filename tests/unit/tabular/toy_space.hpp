#pragma once

// A small space with every kind of value that tables of records have.

#include <verdant/space/space.hpp>

namespace test_tabular {

struct toy : verdant::space<verdant::param<"width", verdant::choices<8, 16, 32>>, verdant::param<"kernel", verdant::choices<3, 5>>,
                            verdant::param<"excite", verdant::choices<true, false>>> {};

} // namespace test_tabular
