// expect: verdant: this chip has more throughput than its TOPS limit
#include <verdant/hardware/chip.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
struct my_chip : hw::chip<hw::from_clusters(4, 128, 32, 64, 64, 2), hw::tops_at_most<20.48>> {};
#else
struct my_chip : hw::chip<hw::from_clusters(4, 128, 64, 64, 64, 2), hw::tops_at_most<20.48>> {};
#endif
