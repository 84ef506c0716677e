#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_DISTRIBUTED) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component distributed; link the CMake target verdant::distributed, or define VERDANT_COMPONENT_DISTRIBUTED and compile and link as mpicxx does"
#endif
