#include "catch.hpp"

#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

namespace io = verdant::io;
using io::tensor_data;
using io::tensor_shape;

TEST_CASE("tensors convert between element types, and refuse what cannot be exact", "[io]") {
    const auto ints = tensor_data::of<std::int16_t>({2, 2}, std::vector<std::int16_t>{-3, 0, 7, 300});
    CHECK(ints.to<double>() == std::vector<double>{-3, 0, 7, 300});
    CHECK(ints.to<std::int64_t>() == std::vector<std::int64_t>{-3, 0, 7, 300});
    CHECK_THROWS_AS(ints.to<std::uint8_t>(), verdant::error);
    const auto floats = tensor_data::of<float>({2}, std::vector<float>{0.5F, -1});
    CHECK(floats.to<double>() == std::vector<double>{0.5, -1});
    CHECK_THROWS_AS(floats.to<int>(), verdant::error);
    const tensor_data halves{io::dtype::f16, {2}, {0x00, 0x3c, 0x00, 0xc0}}, brains{io::dtype::bf16, {1}, {0xc0, 0x3f}};
    CHECK(halves.to<float>() == std::vector<float>{1, -2});
    CHECK(brains.to<double>() == std::vector<double>{1.5});
    CHECK_THROWS_AS(brains.to<long>(), verdant::error);
}

TEST_CASE("a tensor holds exactly the bytes of its shape", "[io]") {
    CHECK_THROWS_AS((tensor_data{io::dtype::f32, {2}, io::byte_vector(7)}), verdant::error);
    CHECK_THROWS_AS((tensor_data{io::dtype::f32, {std::uint64_t{1} << 62, 4}, {}}), verdant::error);
    CHECK(tensor_data{io::dtype::f32, {}, io::byte_vector(4)}.size() == 1);
    CHECK(tensor_data{io::dtype::f32, {0, 5}, {}}.size() == 0);
    CHECK_FALSE(io::element_count(tensor_shape{1u << 31, 1u << 31}).has_value());
}

TEST_CASE("copies of a tensor share its elements, which are gone with the last of them", "[io]") {
    const auto owner = std::make_shared<const io::byte_vector>(io::byte_vector{1, 0, 2, 0});
    auto a = std::make_unique<tensor_data>(io::dtype::u16, tensor_shape{2}, io::shared_bytes{owner, *owner});
    const auto b = *a;
    CHECK(b.content().data() == a->content().data());
    a.reset();
    CHECK(b.to<int>() == std::vector<int>{1, 2});
    io::named_tensors set;
    set.add("first", tensor_data::of<float>({1}, std::vector<float>{1}));
    set.add("shared", b);
    set.add("last", tensor_data::of<float>({1}, std::vector<float>{3}));
    const auto other = set;
    CHECK(owner.use_count() == 4);
    CHECK(set.take("shared") == b);
    CHECK(owner.use_count() == 3);
    CHECK(set.find("shared") == nullptr);
    CHECK(set.at("last").to<float>() == std::vector<float>{3});
    CHECK(set.begin()->name == "first");
    CHECK_THROWS_AS(set.take("shared"), verdant::input_error);
    CHECK(other.size() == 3);
    set.add("shared", b); // the name is free again
    CHECK(set.at("shared") == b);
}

TEST_CASE("elements are aligned for their type: bytes that are not are copied", "[io]") {
    const auto bytes = io::shared_bytes::filled_by(9, [](std::span<unsigned char> out) { std::fill(out.begin(), out.end(), std::uint8_t{1}); });
    CHECK(tensor_data{io::dtype::i32, {2}, bytes.slice(0, 8)}.content().data() == bytes.data());
    const tensor_data askew{io::dtype::i32, {2}, bytes.slice(1, 8)};
    CHECK(askew.content().data() != bytes.data() + 1);
    CHECK(askew.bytes().is_aligned(4));
    CHECK(askew.to<int>() == std::vector<int>{0x01010101, 0x01010101});
    CHECK(tensor_data{io::dtype::u8, {8}, bytes.slice(1, 8)}.content().data() == bytes.data() + 1);
}

TEST_CASE("a selection without gaps shares the storage, any other is a copy with the same elements", "[io]") {
    std::vector<std::int32_t> numbers(24);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int32_t>(i);
    const auto storage = tensor_data::of<std::int32_t>({24}, numbers).bytes();
    const auto take = [&](tensor_shape shape, tensor_shape strides, std::uint64_t offset) {
        const io::strided_layout layout{io::dtype::i32, std::move(shape), std::move(strides), offset};
        const auto tensor = io::strided_tensor(layout, storage);
        CHECK(tensor == io::strided_copy(layout, storage.view()));
        return tensor.content().data() == storage.data() + 4 * offset;
    };
    CHECK(take({2, 3}, {3, 1}, 4));
    CHECK(take({2, 1, 3}, {3, 77, 1}, 4)); // the stride of an axis of one is never used
    CHECK(take({}, {}, 23));
    CHECK_FALSE(take({2, 3}, {4, 1}, 0));
    CHECK_FALSE(take({3, 2}, {1, 3}, 0));
    CHECK_FALSE(take({2, 3}, {0, 1}, 0));
    CHECK_FALSE(take({0, 4}, {4, 1}, 0));
    CHECK_THROWS_AS(io::strided_tensor({io::dtype::i32, {25}, {1}, 0}, storage), verdant::error);
}

TEST_CASE("a strided selection is copied in row-major order", "[io]") {
    std::vector<std::int32_t> storage(24);
    for (std::size_t i = 0; i < storage.size(); ++i) storage[i] = static_cast<std::int32_t>(i);
    io::byte_vector raw(storage.size() * 4);
    std::memcpy(raw.data(), storage.data(), raw.size());
    const auto take = [&](tensor_shape shape, tensor_shape strides, std::uint64_t offset) {
        return io::strided_copy({io::dtype::i32, std::move(shape), std::move(strides), offset}, raw).to<int>();
    };
    CHECK(take({2, 3}, {3, 1}, 4) == std::vector<int>{4, 5, 6, 7, 8, 9});
    CHECK(take({3, 2}, {1, 3}, 0) == std::vector<int>{0, 3, 1, 4, 2, 5});
    CHECK(take({2, 2, 2}, {12, 5, 4}, 1) == std::vector<int>{1, 5, 6, 10, 13, 17, 18, 22});
    CHECK(take({2, 3}, {0, 2}, 1) == std::vector<int>{1, 3, 5, 1, 3, 5});
    CHECK(take({}, {}, 23) == std::vector<int>{23});
    CHECK(take({0, 4}, {9, 9}, 0).empty());
    CHECK(take({1, 2}, {999999, 1}, 0) == std::vector<int>{0, 1}); // the stride of an axis of one is never used
}

TEST_CASE("a selection beyond its storage is refused, however large its numbers", "[io]") {
    const io::byte_vector raw(24 * 4);
    const auto take = [&](tensor_shape shape, tensor_shape strides, std::uint64_t offset) {
        return io::strided_copy({io::dtype::i32, std::move(shape), std::move(strides), offset}, raw);
    };
    constexpr auto huge = std::numeric_limits<std::uint64_t>::max();
    CHECK_THROWS_AS(take({25}, {1}, 0), verdant::error);
    CHECK_THROWS_AS(take({24}, {1}, 1), verdant::error);
    CHECK_THROWS_AS(take({2}, {huge}, 1), verdant::error);
    CHECK_THROWS_AS(take({2}, {1}, huge), verdant::error);
    CHECK_THROWS_AS(take({huge, huge}, {0, 0}, 0), verdant::error);
    CHECK_THROWS_AS(take({2, 2}, {1}, 0), verdant::error);
}

TEST_CASE("names of tensors are unique, found, and lose a prefix by the first", "[io]") {
    const auto one = tensor_data::of<float>({1}, std::vector<float>{1});
    io::named_tensors tensors{"file"};
    tensors.add("module.a", one);
    tensors.add("module.b", one);
    tensors.add("c", one);
    CHECK_THROWS_AS(tensors.add("c", one), verdant::input_error);
    CHECK(tensors.find("a") == nullptr);
    const auto bare = tensors.without_prefix("module.");
    CHECK(bare.at("a") == one);
    CHECK(bare.at("c") == one);
    CHECK_THROWS_AS(bare.at("d"), verdant::input_error);
    CHECK(bare.without_prefix("c") == bare); // the first name is `a`
    CHECK(bare.at("a").content().data() == one.content().data());
    const auto shapes = io::shapes_of(tensors).without_prefix("module.");
    CHECK(shapes.source_name() == "file");
    CHECK(shapes.at("b") == io::tensor_outline{io::dtype::f32, {1}});
    CHECK(io::named_tensors{tensors}.entries().size() == 3);
}
