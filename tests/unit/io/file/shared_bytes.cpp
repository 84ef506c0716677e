#include "catch.hpp"

#include <verdant/io/file/shared_bytes.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace io = verdant::io;

namespace {

const auto count_up = [](std::span<unsigned char> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(i);
};

} // namespace

TEST_CASE("copies and slices share their bytes, which live as long as any of them", "[io]") {
    const auto owner = std::make_shared<const io::byte_vector>(io::byte_vector{1, 2, 3, 4});
    const std::weak_ptr<const io::byte_vector> alive = owner;
    io::shared_bytes part;
    {
        const io::shared_bytes whole{owner, *owner};
        const auto copy = whole;
        CHECK(copy.data() == whole.data());
        part = copy.slice(1, 2);
    }
    CHECK(part.data() == owner->data() + 1);
    CHECK(part == io::shared_bytes{2, 3});
    CHECK(owner.use_count() == 2);
    part = {};
    CHECK(owner.use_count() == 1);
    CHECK(part == io::shared_bytes{});
    CHECK_FALSE(part == io::shared_bytes{0});
}

TEST_CASE("a vector is taken over, a new buffer is aligned and written once", "[io]") {
    io::byte_vector vector(100, 7);
    const auto* const first = vector.data();
    CHECK(io::shared_bytes{std::move(vector)}.data() == first);
    const auto made = io::shared_bytes::filled_by(300, count_up);
    CHECK(made.is_aligned(io::shared_bytes::alignment));
    CHECK_FALSE(made.slice(1, 10).is_aligned(2));
    CHECK(made.size() == 300);
    CHECK(made.view()[299] == 299 - 256);
    const auto copy = io::shared_bytes::copy_of(made.view());
    CHECK(copy == made);
    CHECK(copy.data() != made.data());
    CHECK(io::shared_bytes::filled_by(0, [](std::span<unsigned char>) { throw std::logic_error{"nothing to fill"}; }).empty());
    CHECK_THROWS_AS(io::shared_bytes::filled_by(3, [](std::span<unsigned char>) { throw std::logic_error{"cannot read"}; }), std::logic_error);
}

TEST_CASE("bytes are given out for writing only where nobody else has a share of them", "[io]") {
    auto bytes = io::shared_bytes::filled_by(128, count_up);
    const auto* const first = bytes.data();
    {
        const auto other = bytes.slice(64, 64);
        CHECK(std::move(bytes).take_if_sole() == nullptr);
        CHECK(bytes.size() == 128); // they stay
    }
    const auto taken = std::move(bytes).take_if_sole();
    REQUIRE(taken != nullptr);
    CHECK(taken.get() == first);
    CHECK(taken.get()[127] == 127);
    taken.get()[127] = 3;
    CHECK(bytes.empty());

    auto tail = io::shared_bytes::filled_by(128, count_up).slice(64, 64);
    const auto behind = std::move(tail).take_if_sole();
    REQUIRE(behind != nullptr);
    CHECK(behind.get()[0] == 64);
    auto askew = io::shared_bytes::filled_by(128, count_up).slice(4, 64);
    CHECK(std::move(askew).take_if_sole() == nullptr);
}

TEST_CASE("bytes of another owner, such as a mapped file, are never given out for writing", "[io]") {
    auto owner = io::shared_bytes::filled_by(64, count_up);
    const auto view = owner.view();
    io::shared_bytes foreign{std::make_shared<const io::shared_bytes>(std::move(owner)), view};
    CHECK(foreign.is_aligned(io::shared_bytes::alignment));
    CHECK(std::move(foreign).take_if_sole() == nullptr);
    CHECK(foreign.size() == 64);
    CHECK(io::shared_bytes{}.is_aligned(64));
    CHECK(io::shared_bytes{}.take_if_sole() == nullptr);
}
