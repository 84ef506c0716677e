#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/json.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Numbers in the JSON of models, each checked against what it becomes.
namespace verdant::surrogate::detail {

/// Reads the members of one object.
class json_members {
public:
    /// @param where what stands before the names of members in errors
    json_members(const nlohmann::json& object, std::string_view source, std::string where = {}) : object_{object}, source_{source}, where_{std::move(where)} {
        if (!object.is_object()) throw input_error{source_, where_, "an object", kind_of(object)};
    }
    [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
    [[nodiscard]] const nlohmann::json& at(const char* name) const {
        const auto found = object_.find(name);
        if (found == object_.end()) throw input_error{source_, where_ + name, "a member of that name", "none"};
        return *found;
    }
    template <class T>
    [[nodiscard]] T number(const char* name) const {
        return number_in<T>(at(name), name);
    }
    [[nodiscard]] std::string text(const char* name) const {
        const auto& value = at(name);
        if (!value.is_string()) throw input_error{source_, where_ + name, "a text", kind_of(value)};
        return value.get<std::string>();
    }
    template <class T>
    [[nodiscard]] std::vector<T> numbers(const char* name) const {
        return numbers_in<T>(array(name), name);
    }
    [[nodiscard]] const nlohmann::json& array(const char* name) const { return array_in(at(name), name); }
    [[nodiscard]] const nlohmann::json& array_in(const nlohmann::json& value, const std::string& place) const {
        if (!value.is_array()) throw input_error{source_, where_ + place, "a list", kind_of(value)};
        return value;
    }
    template <class T>
    [[nodiscard]] std::vector<T> numbers_in(const nlohmann::json& list, const std::string& place) const {
        std::vector<T> out;
        out.reserve(list.size());
        for (const auto& one : list) out.push_back(number_in<T>(one, place, out.size()));
        return out;
    }

private:
    static constexpr std::size_t alone = std::numeric_limits<std::size_t>::max();

    template <class T>
    [[nodiscard]] T number_in(const nlohmann::json& value, const std::string& name, std::size_t index = alone) const {
        if constexpr (std::is_floating_point_v<T>) {
            const auto number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
            if (std::isfinite(number) && std::abs(number) <= static_cast<double>(std::numeric_limits<T>::max())) return static_cast<T>(number);
            fail(value, name, index, sizeof(T) == sizeof(float) ? "a finite number in single precision" : "a finite number");
        } else {
            if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})) {
                const auto number = value.get<std::int64_t>();
                if (std::in_range<T>(number)) return static_cast<T>(number);
            }
            fail(value, name, index, "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " + std::to_string(std::numeric_limits<T>::max()));
        }
    }
    [[noreturn]] void fail(const nlohmann::json& value, const std::string& name, std::size_t index, const std::string& expected) const {
        throw input_error{source_, where_ + name + (index == alone ? std::string{} : '[' + std::to_string(index) + ']'), expected,
                          value.is_number() ? value.dump() : kind_of(value)};
    }
    [[nodiscard]] static std::string kind_of(const nlohmann::json& value) { return value.is_string() ? "a text" : value.is_null() ? "null" : "a JSON " + std::string{value.type_name()}; }

    const nlohmann::json& object_;
    std::string_view source_;
    std::string where_;
};

} // namespace verdant::surrogate::detail
