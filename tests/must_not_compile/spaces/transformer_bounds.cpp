// expect: verdant: these bounds of a transformer are not sound
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
struct model : vd::spaces::transformer<vd::spaces::transformer_bounds{.base_ffn = 3072, .base_width = 768, .least_layers = 6, .most_layers = 12},
                                       vd::choices<6, 12>> {};
static_assert(vd::valid<model>);
#else
struct model : vd::spaces::transformer<vd::spaces::transformer_bounds{.base_ffn = 3072, .base_width = 770, .least_layers = 6, .most_layers = 12},
                                       vd::choices<6, 12>> {};
#endif
