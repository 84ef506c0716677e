#include "fuzz.hpp"

#include <verdant/pruning/importance_json.hpp>

VERDANT_FUZZ_TARGET(importance_json) {
    const fuzz::file json{data};
    static_cast<void>(verdant::supernet::detail::read_ranking(json.path()));
}
