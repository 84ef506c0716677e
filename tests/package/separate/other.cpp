#include "study.hpp"

std::string front_of_bayes() { return front_of<study<vd::bayes<>>>(14); }
