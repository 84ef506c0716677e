#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_XGBOOST) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component xgboost; link the CMake target verdant::xgboost, or define VERDANT_COMPONENT_XGBOOST and link xgboost"
#endif
