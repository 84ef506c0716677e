// expect: verdant: a fidelity scale lacks its name or its unit
#include <verdant/fidelity/fidelity_scale.hpp>

#if defined(VERDANT_GOOD)
struct epochs : verdant::fidelity_scale<"epochs", "epochs", 1, 27> {};
#else
struct epochs : verdant::fidelity_scale<"epochs", 1, 27> {};
#endif
static_assert(epochs::integers);
