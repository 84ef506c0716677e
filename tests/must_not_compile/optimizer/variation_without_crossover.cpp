// expect: verdant: this variation policy does not fit the genome; give it initial(random), crossover(a, b, random) and mutate(genome, random)
#include <verdant/optimizer/evolution/nsga2_engine.hpp>

#include <utility>

struct coin_flips {
    int initial(verdant::random_stream& random) { return static_cast<int>(random.below(2)); }
#if defined(VERDANT_GOOD)
    std::pair<int, int> crossover(int a, int b, verdant::random_stream&) { return {a, b}; }
#endif
    void mutate(int& flip, verdant::random_stream&) { flip = 1 - flip; }
};

const verdant::nsga2_engine<int, coin_flips> engine{2};
