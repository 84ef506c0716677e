#include "fuzz.hpp"

#include <verdant/io/file/number_in_name.hpp>

// By what name checkpoints of epochs and of steps are found in a folder.
VERDANT_FUZZ_TARGET(numbered_file) {
    const auto name = fuzz::text(data);
    for (const std::string before : {"epoch_", "expand_1-", ""})
        if (const auto number = verdant::io::number_in_name(name, before, ".pt"))
            fuzz::require(before + std::to_string(*number) + ".pt" == name, "a name is that of the file of its number");
}
