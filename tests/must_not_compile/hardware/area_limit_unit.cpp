// expect: verdant: the limit of an area is given in another kind of unit
#include <verdant/hardware/chip.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
struct my_chip : hw::chip<hw::from_clusters(2, 64, 16, 256, 64, 4), hw::area_at_most<0.1, verdant::square_centimetres>> {};
#else
struct my_chip : hw::chip<hw::from_clusters(2, 64, 16, 256, 64, 4), hw::area_at_most<0.1, verdant::joules>> {};
#endif
