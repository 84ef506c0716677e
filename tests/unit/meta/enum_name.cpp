#include "catch.hpp"

#include <verdant/meta/enum_name.hpp>

namespace outer::inner {
enum class act { relu, gelu_tanh };
struct holder {
    enum plain { first, second };
};
} // namespace outer::inner
namespace {
enum class hidden { value };
}

TEST_CASE("an enumerator is named without its scope", "[meta]") {
    static_assert(verdant::enum_name<outer::inner::act::relu>() == "relu");
    static_assert(verdant::enum_name<outer::inner::act::gelu_tanh>() == "gelu_tanh");
    static_assert(verdant::enum_name<outer::inner::holder::second>() == "second");
    CHECK(verdant::enum_name<hidden::value>() == "value");
}
