// expect: verdant: this chip has less throughput than it must have
#include <verdant/hardware/chip.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
struct my_chip : hw::chip<hw::from_clusters(2, 64, 16, 64, 64, 2), hw::tops_at_least<2.0>> {};
#else
struct my_chip : hw::chip<hw::from_clusters(1, 64, 16, 64, 64, 2), hw::tops_at_least<2.0>> {};
#endif
