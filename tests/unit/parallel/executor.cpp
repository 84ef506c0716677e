#include "laws/executor.hpp"
#include "catch.hpp"

#include <verdant/parallel/executor.hpp>

#include <vector>

TEST_CASE("the serial executor is one, and keeps the order", "[search]") {
    verdant::serial_executor run;
    laws::obeys_executor_laws(run);
    std::vector<std::size_t> order;
    run(5, [&](std::size_t i) { order.push_back(i); });
    REQUIRE(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}
