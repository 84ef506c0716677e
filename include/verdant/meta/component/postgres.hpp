#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_POSTGRES) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component postgres; link the CMake target verdant::postgres, or define VERDANT_COMPONENT_POSTGRES and link pq"
#endif
