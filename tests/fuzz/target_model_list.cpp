#include "fuzz.hpp"

#include <verdant/tabular/target_model_files.hpp>

VERDANT_FUZZ_TARGET(target_model_list) {
    const auto list = verdant::tabular::parse_target_model_list(fuzz::text(data), fuzz::source);
    for (const auto& m : list.members) fuzz::require(m.file.find('/') == m.file.npos, "members are files of the same folder");
}
