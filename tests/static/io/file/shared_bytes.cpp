#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace io = verdant::io;

// Nothing that the bytes give of themselves can be written through.
static_assert(std::same_as<decltype(std::declval<io::shared_bytes&>().data()), const unsigned char*>);
static_assert(!std::is_assignable_v<decltype(std::declval<io::shared_bytes&>().view()[0]), unsigned char>);
static_assert(!std::is_assignable_v<decltype(std::declval<io::tensor_data&>().content()[0]), unsigned char>);
static_assert(std::same_as<decltype(std::declval<io::tensor_data&>().bytes()), const io::shared_bytes&>);

// Only what is given up can be taken.
template <class Bytes>
concept can_be_taken = requires(Bytes&& bytes) { std::forward<Bytes>(bytes).take_if_sole(); };
static_assert(can_be_taken<io::shared_bytes&&>);
static_assert(!can_be_taken<io::shared_bytes&>);
static_assert(!can_be_taken<const io::shared_bytes&&>);

// A copy shares, whatever its size.
static_assert(std::is_nothrow_copy_constructible_v<io::shared_bytes>);
