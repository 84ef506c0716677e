// expect: verdant: the energy of a multiplier is a number of pJ
// and: verdant: analyse takes the levels before the mapping
// and: verdant: parse_nest_mapping takes the text before the problem
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>

#include <span>

namespace vh = verdant::hardware;
#if defined(VERDANT_GOOD)
struct array : vh::hierarchy<vh::level<"DRAM">, vh::level<"register", vh::capacity<4>>, vh::multipliers<0.5>> {};
auto counts(const vh::nest_problem& p, std::span<const vh::memory_level> l, const vh::nest_mapping& m) { return vh::analyse(p, l, m); }
auto mapping(const vh::nest_problem& p) { return vh::parse_nest_mapping("DRAM[WIO]", p); }
#else
struct array : vh::hierarchy<vh::level<"DRAM">, vh::level<"register", vh::capacity<4>>, vh::multipliers<>> {};
auto counts(const vh::nest_problem& p, std::span<const vh::memory_level> l, const vh::nest_mapping& m) { return vh::analyse(p, m, l); }
auto mapping(const vh::nest_problem& p) { return vh::parse_nest_mapping(p, "DRAM[WIO]"); }
#endif
