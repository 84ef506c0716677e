#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_SQLITE) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component sqlite; link the CMake target verdant::sqlite, or define VERDANT_COMPONENT_SQLITE and link SQLiteCpp and sqlite3"
#endif
