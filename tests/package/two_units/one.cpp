#include "fingerprint.hpp"

fingerprint fingerprint_of_one() { return take_fingerprint(); }
