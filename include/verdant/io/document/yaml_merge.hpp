#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/yaml.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdant::io {

/// Keys of a YAML map with their values, each in the place where it stands in the text.
using yaml_entries = std::vector<std::pair<YAML::Node, YAML::Node>>;

namespace detail {

[[nodiscard]] inline std::string yaml_line(const YAML::Mark& mark) {
    return mark.is_null() ? std::string{} : "line " + std::to_string(mark.line + 1);
}

/// Collects the entries of a map and of those that are merged into it.
class yaml_merger {
public:
    explicit yaml_merger(const std::string& source) : source_{source} {}

    void add(const YAML::Node& map, io::yaml_entries& out, std::size_t depth = 0) {
        // Maps can refer to themselves, and lists of references to lists of references: such texts have no end.
        if (depth > 16 || ++maps_ > 4096) fail(map, "at most 4096 maps to merge, 16 within each other", "more");
        std::vector<YAML::Node> merged;
        std::set<std::string> own;
        for (const auto& item : map) {
            const bool word = item.first.IsScalar();
            if (word && item.first.Scalar() == "<<" && item.first.Tag() != "!") { // in quotation marks it is a key like others
                merged.push_back(item.second);
                continue;
            }
            if (word && !own.insert(item.first.Scalar()).second) fail(item.first, "each key once", '\'' + item.first.Scalar() + "' twice");
            if (word && depth > 0 && seen_.contains(item.first.Scalar())) continue;
            out.emplace_back(item.first, item.second);
        }
        seen_.merge(own);
        if (merged.size() > 1) fail(merged[1], "one merge of maps (<<), a list for several", "another");
        for (const auto& one : merged) {
            if (one.IsMap()) add(one, out, depth + 1);
            else if (one.IsSequence())
                for (const auto& map_of_list : one) {
                    if (!map_of_list.IsMap()) fail(map_of_list, "maps to merge (<<)", "something else");
                    add(map_of_list, out, depth + 1);
                }
            else fail(one, "a map to merge (<<), or a list of maps", one.IsNull() ? "nothing" : "something else");
        }
    }

private:
    [[noreturn]] void fail(const YAML::Node& node, const std::string& expected, const std::string& found) const {
        throw input_error{source_, yaml_line(node.Mark()), expected, found};
    }

    const std::string& source_;
    std::set<std::string> seen_;
    std::size_t maps_ = 0;
};

} // namespace detail

/// The entries of a map with those of the maps that it merges (`<<: *base`, `<<: [*a, *b]`; yaml.org/type/merge.html): own keys before merged ones,
/// earlier maps of a list before later ones. Throws input_error that names source and line for keys that stand twice in one map, and for what cannot
/// be merged.
/// @pre `map` is a map
template <class = instantiated_when_used>
[[nodiscard]] yaml_entries merged_entries(const YAML::Node& map, const std::string& source) {
    yaml_entries out;
    detail::yaml_merger{source}.add(map, out);
    return out;
}
VERDANT_DEFINED_ONCE(yaml_entries merged_entries<>(const YAML::Node&, const std::string&));

} // namespace verdant::io
