#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_IMAGE) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component image; link the CMake target verdant::image, or define VERDANT_COMPONENT_IMAGE and link libjpeg and libpng"
#endif
