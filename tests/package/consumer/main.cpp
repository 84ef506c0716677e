// The program that every package test builds and runs.
#include <verdant/verdant.hpp>

struct tiny : verdant::space<verdant::param<"depth", verdant::range<2, 4>>, verdant::param<"width", verdant::choices<16, 32>>> {};
static_assert(verdant::valid<tiny>);
static_assert(verdant::in<verdant::milliseconds>(2.0 * verdant::seconds{}) == 2000.0);

int main() {
    verdant::random_stream random{7};
    return verdant::sample<tiny>(random).get<"depth">() >= 2 ? 0 : 1;
}
