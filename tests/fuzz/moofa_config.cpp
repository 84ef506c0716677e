#include "fuzz.hpp"

#include <verdant/io/document/yaml.hpp> // names the component that the reader needs

#include "moofa/config_file.hpp"

VERDANT_FUZZ_TARGET(moofa_config) {
    constexpr std::array<std::string_view, 2> models{"OFA", "MOOFA_V3"}, datasets{"imagenet", "imagenette"};
    static_cast<void>(moofa::parse_configuration(std::string{fuzz::text(data)}, std::string{fuzz::source}, models, datasets));
}
