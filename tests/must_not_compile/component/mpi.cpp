// expect: verdant: this header belongs to the component mpi; link the CMake target verdant::mpi
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/nn/processes/mpi_communicator.hpp>
