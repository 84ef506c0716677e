#include "fuzz.hpp"

#include <verdant/study/result_folder.hpp>

// What the results in a folder were made with.
VERDANT_FUZZ_TARGET(run_facts) {
    const auto facts = verdant::result_folder::facts_in(fuzz::text(data));
    std::string text;
    for (const auto& [name, value] : facts) text += name + ' ' + value + '\n';
    fuzz::require(verdant::result_folder::facts_in(text) == facts, "facts are written as they were read");
    verdant::check_same_run(std::string{fuzz::source}, {{"seed", "7"}, {"space", "moofa v3"}}, facts);
}
