// expect: verdant: this chip is larger than its area limit
#include <verdant/hardware/chip.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
struct my_chip : hw::chip<hw::from_clusters(4, 256, 16, 1024, 64, 8), hw::area_at_most<32.0>> {};
#else
struct my_chip : hw::chip<hw::from_clusters(4, 256, 16, 1024, 64, 8), hw::area_at_most<31.0>> {};
#endif
