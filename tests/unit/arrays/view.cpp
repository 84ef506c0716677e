#include "catch.hpp"

#include <verdant/arrays/view.hpp>
#include <verdant/error.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <cstdint>
#include <vector>

namespace arrays = verdant::arrays;
namespace io = verdant::io;

namespace {

template <class T>
void round_trips() {
    const auto tensor = io::tensor_data::of<T>({2, 3}, std::vector<T>{1, 2, 3, 4, 5, 6});
    const auto view = arrays::view<T>(tensor);
    REQUIRE(view.dimension() == 2);
    REQUIRE(view.shape(0) == 2);
    REQUIRE(view.shape(1) == 3);
    REQUIRE(view(1, 2) == T{6});
    REQUIRE(view(1, 0) == T{4});
    // The same bytes, not a copy of them.
    REQUIRE(static_cast<const void*>(&view(0, 0)) == static_cast<const void*>(tensor.content().data()));
    REQUIRE(arrays::tensor_data_of(view) == tensor);
}

} // namespace

TEST_CASE("a view shows the bytes of a tensor, and a tensor comes back from it", "[arrays]") {
    round_trips<float>();
    round_trips<double>();
    round_trips<std::int8_t>();
    round_trips<std::uint8_t>();
    round_trips<std::int16_t>();
    round_trips<std::uint16_t>();
    round_trips<std::int32_t>();
    round_trips<std::uint32_t>();
    round_trips<std::int64_t>();
    round_trips<std::uint64_t>();
}

TEST_CASE("scalars and empty tensors have views, too", "[arrays]") {
    const auto scalar = io::tensor_data::of<float>({}, std::vector<float>{7});
    CHECK(arrays::view<float>(scalar).dimension() == 0);
    CHECK(arrays::view<float>(scalar)() == 7);
    CHECK(arrays::tensor_data_of(arrays::view<float>(scalar)) == scalar);
    const auto empty = io::tensor_data::of<double>({3, 0}, std::vector<double>{});
    CHECK(arrays::view<double>(empty).size() == 0);
    CHECK(arrays::tensor_data_of(arrays::view<double>(empty)) == empty);
}

TEST_CASE("another element type is refused by name", "[arrays]") {
    const auto tensor = io::tensor_data::of<float>({2}, std::vector<float>{1, 2});
    CHECK_THROWS_WITH(arrays::view<double>(tensor), "verdant: tensor, element type: expected f64, found f32");
    CHECK_THROWS_WITH(arrays::view<std::int32_t>(tensor), "verdant: tensor, element type: expected i32, found f32");
    const io::tensor_data half{io::dtype::f16, {1}, {0, 60}};
    CHECK_THROWS_WITH(arrays::view<float>(half), "verdant: tensor, element type: expected f32, found f16");
}

TEST_CASE("booleans are viewed as bytes and come back as booleans", "[arrays]") {
    const io::tensor_data flags{io::dtype::boolean, {3}, {1, 0, 1}};
    const auto view = arrays::view<std::uint8_t>(flags);
    CHECK(view(2) == 1);
    CHECK(arrays::tensor_data_of(xt::not_equal(view, std::uint8_t{0})) == flags);
}

TEST_CASE("any expression becomes a tensor, in row-major order", "[arrays]") {
    const auto tensor = io::tensor_data::of<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
    const auto view = arrays::view<float>(tensor);
    CHECK(arrays::tensor_data_of(view * 2.0F) == io::tensor_data::of<float>({2, 3}, std::vector<float>{2, 4, 6, 8, 10, 12}));
    const xt::xtensor<float, 2> fixed = view; // clang 19 does not compile what xtensor 0.24 has for ranks known at run time: xarray, and transposes of views
    CHECK(arrays::tensor_data_of(xt::transpose(fixed)) == io::tensor_data::of<float>({3, 2}, std::vector<float>{1, 4, 2, 5, 3, 6}));
    CHECK(arrays::tensor_data_of(xt::sum(view, {0})) == io::tensor_data::of<float>({3}, std::vector<float>{5, 7, 9}));
    CHECK(arrays::tensor_data_of(xt::view(view, xt::all(), xt::range(1, 3))) == io::tensor_data::of<float>({2, 2}, std::vector<float>{2, 3, 5, 6}));
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns{{1, 2}, {3, 4}};
    CHECK(arrays::tensor_data_of(columns) == io::tensor_data::of<double>({2, 2}, std::vector<double>{1, 2, 3, 4}));
}
