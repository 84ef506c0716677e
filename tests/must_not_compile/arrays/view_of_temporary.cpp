// expect: verdant: a view of a temporary tensor would refer to nothing
#include <verdant/arrays/view.hpp>

verdant::io::tensor_data read();
#if defined(VERDANT_GOOD)
const verdant::io::tensor_data weights = read();
const auto view = verdant::arrays::view<float>(weights);
#else
const auto& view = (verdant::arrays::view<float>(read()), 0);
#endif
