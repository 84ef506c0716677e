// expect: verdant: this chip has no legal geometry
#include <verdant/hardware/chip.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
struct my_chip : hw::chip<hw::from_clusters(2, 64, 16, 256, 64, 4), hw::area_at_most<10.0>, hw::tops_at_most<20.48>> {};
#else
struct my_chip : hw::chip<hw::from_clusters(2, 64, 0, 256, 64, 4), hw::area_at_most<10.0>, hw::tops_at_most<20.48>> {};
#endif
