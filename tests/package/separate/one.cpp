#include "study.hpp"

#include <iostream>

std::string front_of_nsga2() { return front_of<study<vd::nsga2<>>>(100); }

// Prints both fronts, which must not depend on where the code was compiled.
int main() { std::cout << front_of_nsga2() << front_of_bayes(); }
