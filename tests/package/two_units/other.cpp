#include "fingerprint.hpp"

fingerprint fingerprint_of_other() { return take_fingerprint(); }
