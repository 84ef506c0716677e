#include "fuzz.hpp"

#include <verdant/io/document/yaml.hpp>

VERDANT_FUZZ_TARGET(yaml) {
    const auto root = verdant::io::yaml_section::parse(std::string{fuzz::text(data)}, std::string{fuzz::source});
    for (const auto& key : root.keys()) {
        try {
            static_cast<void>(root.number<int>(key, 0, -5, 5));
        } catch (const verdant::error&) {}
        try {
            static_cast<void>(root.list<double>(key));
        } catch (const verdant::error&) {}
        try {
            static_cast<void>(root.section(key).keys());
        } catch (const verdant::error&) {}
    }
    root.finish();
}
