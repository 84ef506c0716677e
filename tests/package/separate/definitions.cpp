#define VERDANT_SEPARATE_DEFINITIONS
#include "study.hpp"
