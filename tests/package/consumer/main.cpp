// The program that every package test builds and runs.
#include <verdant/random.hpp>
#include <verdant/units.hpp>
#include <verdant/version.hpp>

static_assert(verdant::in<verdant::milliseconds>(2.0 * verdant::seconds{}) == 2000.0);

int main() { return verdant::random_stream::derive(7, 1) == verdant::random_stream::derive(7, 2) ? 1 : 0; }
