// expect: verdant: this header belongs to the component sqlite; link the CMake target verdant::sqlite
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/study/sqlite_storage.hpp>
