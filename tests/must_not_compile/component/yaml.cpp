// expect: verdant: this header belongs to the component yaml; link the CMake target verdant::yaml
#if !defined(VERDANT_GOOD)
#undef VERDANT_ALL_COMPONENTS
#endif
#include <verdant/io/document/yaml.hpp>
