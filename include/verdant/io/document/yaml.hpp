#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/yaml_merge.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/yaml.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant::io {

/// A map of a YAML file that is read strictly, with the maps that it merges (`<<`): values have the type that is asked for, and `finish` refuses keys
/// that nobody asked for. All members throw input_error that names file, line and key.
class yaml_section {
public:
    /// The map that a text is. @param source what errors call it
    [[nodiscard]] static yaml_section parse(const std::string& text, std::string source) {
        try {
            return {YAML::Load(text), std::move(source), ""};
        } catch (const YAML::Exception& e) {
            throw input_error{source, e.mark.is_null() ? std::string{} : "line " + std::to_string(e.mark.line + 1), "YAML", e.msg};
        }
    }
    /// The same of a file. @throws file_error
    [[nodiscard]] static yaml_section read(const std::string& path) { return parse(read_file(path), path); }

    [[nodiscard]] const std::string& source() const noexcept { return source_; }
    [[nodiscard]] std::vector<std::string> keys() const { return {names_.begin(), names_.end()}; }
    /// Whether there is a value; `key:` and `key: null` are none.
    [[nodiscard]] bool has(const std::string& key) const {
        asked_->insert(key);
        const auto value = find(key);
        return value && !value.IsNull();
    }

    /// The map below a key. @throws also where there is none
    [[nodiscard]] yaml_section section(const std::string& key) const { return {required(key), source_, path_ + key + '.'}; }

    /// A value, or another one where there is none.
    /// @tparam T bool, std::string, a type of whole numbers or of floating-point numbers
    template <class T>
    [[nodiscard]] T value(const std::string& key, T otherwise) const {
        return has(key) ? converted<T>(find(key), key) : std::move(otherwise);
    }
    template <class T>
    [[nodiscard]] T value(const std::string& key) const {
        return converted<T>(required(key), key);
    }

    /// A number within bounds, both included.
    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] T number(const std::string& key, T otherwise, T low, T high = std::numeric_limits<T>::max()) const {
        return has(key) ? bounded<T>(key, low, high) : otherwise;
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    [[nodiscard]] T number_within(const std::string& key, T low, T high = std::numeric_limits<T>::max()) const {
        static_cast<void>(required(key));
        return bounded<T>(key, low, high);
    }

    /// One of some names, or the first one where there is no value.
    template <class Names>
    [[nodiscard]] std::string one_of(const std::string& key, const Names& names) const {
        const auto text = value<std::string>(key, std::string{*std::begin(names)});
        for (const auto& n : names)
            if (n == text) return text;
        refuse(key, "one of " + name_list(names), '\'' + text + '\'' + did_you_mean(text, names));
    }

    /// A list; a single value is a list of one, none is an empty one.
    template <class T>
    [[nodiscard]] std::vector<T> list(const std::string& key) const {
        std::vector<T> out;
        if (!has(key)) return out;
        const auto node = find(key);
        if (!node.IsSequence()) return {converted<T>(node, key)};
        for (std::size_t i = 0; i < node.size(); ++i) out.push_back(converted<T>(node[i], key + '[' + std::to_string(i) + ']'));
        return out;
    }

    /// @throws input_error for the first key that was not asked for
    void finish() const {
        for (const auto& name : names_) {
            if (asked_->contains(name)) continue;
            const auto meant = did_you_mean(name, *asked_);
            refuse(name, meant.empty() ? "one of the keys " + name_list(*asked_) : "a key that is known here", '\'' + name + '\'' + meant);
        }
    }

    /// `line 12, args.model`: where a key is, or would be.
    [[nodiscard]] std::string place(const std::string& key) const {
        const auto plain = key.substr(0, key.find('['));
        for (const auto& item : entries_)
            if (item.first.Scalar() == plain) return joined(item.first.Mark(), path_ + key);
        return joined(node_.Mark(), path_ + key);
    }
    [[noreturn]] void refuse(const std::string& key, std::string_view expected, std::string_view found) const {
        throw input_error{source_, place(key), expected, found};
    }

private:
    yaml_section(const YAML::Node& node, std::string source, std::string path)
        : node_{node}, source_{std::move(source)}, path_{std::move(path)}, asked_{std::make_shared<std::set<std::string>>()} {
        const auto own = path_.empty() ? path_ : path_.substr(0, path_.size() - 1);
        if (!node_.IsMap())
            throw input_error{source_, joined(node_.Mark(), own), "a map of keys and values", node_.IsNull() ? "nothing" : "something else"};
        std::set<std::string> seen;
        for (const auto& item : node_) {
            if (!item.first.IsScalar()) throw input_error{source_, joined(item.first.Mark(), own), "keys that are words", "something else"};
            if (!seen.insert(item.first.Scalar()).second)
                throw input_error{source_, joined(item.first.Mark(), path_ + item.first.Scalar()), "each key once", "it twice"};
        }
        entries_ = merged_entries(node_, source_);
        for (const auto& [key, value] : entries_) {
            if (!key.IsScalar()) throw input_error{source_, joined(key.Mark(), own), "keys that are words", "something else"};
            names_.push_back(key.Scalar());
        }
    }

    [[nodiscard]] static std::string joined(const YAML::Mark& mark, const std::string& key) {
        if (mark.is_null()) return key;
        return "line " + std::to_string(mark.line + 1) + (key.empty() ? "" : ", " + key);
    }

    // Not node_[key], which inserts into a map that is shared by all its copies.
    [[nodiscard]] YAML::Node find(const std::string& key) const {
        for (const auto& item : entries_)
            if (item.first.Scalar() == key) return item.second;
        return YAML::Node{YAML::NodeType::Undefined};
    }
    [[nodiscard]] YAML::Node required(const std::string& key) const {
        if (!has(key)) refuse(key, "a value", "nothing");
        return find(key);
    }
    template <class T>
    [[nodiscard]] T bounded(const std::string& key, T low, T high) const {
        const auto x = converted<T>(find(key), key);
        if (!(x >= low && x <= high))
            refuse(key, high == std::numeric_limits<T>::max() ? "at least " + exact_text(low) : "from " + exact_text(low) + " to " + exact_text(high),
                   exact_text(x));
        return x;
    }

    template <class T>
    [[nodiscard]] T converted(const YAML::Node& node, const std::string& key) const {
        constexpr const char* what = std::same_as<T, bool>          ? "true or false"
                                     : std::same_as<T, std::string> ? "text"
                                     : std::is_integral_v<T>        ? "a whole number"
                                                                    : "a number";
        if (!node.IsScalar()) refuse(key, what, node.IsSequence() ? "a list" : node.IsMap() ? "a map" : "nothing");
        const std::string& text = node.Scalar();
        if constexpr (std::same_as<T, std::string>) return text;
        else if constexpr (std::same_as<T, bool>) {
            for (const auto* word : {"true", "True", "TRUE"})
                if (text == word) return true;
            for (const auto* word : {"false", "False", "FALSE"})
                if (text == word) return false;
            refuse(key, what, '\'' + text + '\'');
        } else {
            T x{};
            const auto read = std::from_chars(text.data(), text.data() + text.size(), x);
            bool good = read.ec == std::errc{} && read.ptr == text.data() + text.size() && !text.empty();
            if constexpr (std::is_floating_point_v<T>) good = good && std::isfinite(x);
            if (!good) refuse(key, what, '\'' + text + '\'');
            return x;
        }
    }

    YAML::Node node_;
    std::string source_, path_;
    yaml_entries entries_; ///< with what is merged (`<<`)
    std::vector<std::string> names_;
    std::shared_ptr<std::set<std::string>> asked_; ///< shared by copies, which read the same map
};

} // namespace verdant::io
