#pragma once

/// The one place that holds the version; CMake reads these three lines.
#define VERDANT_VERSION_MAJOR 0
#define VERDANT_VERSION_MINOR 1
#define VERDANT_VERSION_PATCH 0
