#include <verdant/meta/nearest_name.hpp>

#include <array>
#include <cstddef>
#include <string_view>

using verdant::detail::nearest_name;

namespace {

constexpr std::array<std::string_view, 4> names{"layers", "width", "heads", "hw.width"};

consteval std::string_view nearest(std::string_view written) {
    const auto at = nearest_name(written, names.size(), [](std::size_t i) { return names[i]; });
    return at < names.size() ? names[at] : "none";
}

} // namespace

static_assert(nearest("widht") == "width");    // neighbours swapped
static_assert(nearest("layer") == "layers");   // left out
static_assert(nearest("headss") == "heads");   // added
static_assert(nearest("Width") == "width");    // changed
static_assert(nearest("tower.heads") == "heads"); // a prefix too many
static_assert(nearest("hw.widths") == "hw.width");
static_assert(nearest("kernel") == "none");
static_assert(nearest("") == "none");
static_assert(nearest_name("width", 0, [](std::size_t) { return std::string_view{}; }) == 0);
