#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_EIGEN) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component eigen; link the CMake target verdant::eigen, or define VERDANT_COMPONENT_EIGEN with Eigen on its path"
#endif
