#pragma once

// Just enough of XML to say whether a text is well-formed: what it complains about, or nothing.

#include <verdant/text/utf8_step.hpp>

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace xml {

inline std::string complaint(std::string_view text) {
    if (!verdant::io::is_utf8(text)) return "bytes that are not UTF-8";
    std::vector<std::string> open;
    bool root_seen = false;
    const auto name_at = [&](std::size_t at) {
        auto end = at;
        while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-')) ++end;
        return std::string{text.substr(at, end - at)};
    };
    const auto bad_characters = [](std::string_view words) -> std::string {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (static_cast<unsigned char>(words[i]) < ' ' && words[i] != '\n') return "a control character";
            if (words[i] == '<') return "a < within text";
            if (words[i] != '&') continue;
            const auto entity = words.substr(i, words.find(';', i) - i + 1);
            if (entity != "&lt;" && entity != "&gt;" && entity != "&amp;" && entity != "&quot;") return "a bare &";
        }
        return {};
    };
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '<') {
            const auto end = std::min(text.find('<', at), text.size());
            const auto words = text.substr(at, end - at);
            if (auto bad = bad_characters(words); !bad.empty()) return bad;
            if (open.empty() && words.find_first_not_of('\n') != std::string_view::npos) return "text outside the root";
            at = end;
            continue;
        }
        if (text.substr(at, 2) == "</") {
            const auto name = name_at(at + 2);
            if (open.empty() || open.back() != name) return "</" + name + "> closes something else";
            open.pop_back();
            at += 2 + name.size();
            if (at >= text.size() || text[at] != '>') return "</" + name + " without >";
            ++at;
            continue;
        }
        const auto name = name_at(at + 1);
        if (name.empty()) return "an element without a name";
        if (open.empty() && root_seen) return "a second root";
        root_seen = true;
        at += 1 + name.size();
        std::vector<std::string> attributes;
        while (at < text.size() && text[at] == ' ') {
            const auto attribute = name_at(++at);
            for (const auto& a : attributes)
                if (a == attribute) return "attribute " + attribute + " twice in " + name;
            attributes.push_back(attribute);
            at += attribute.size();
            if (attribute.empty() || text.substr(at, 2) != "=\"") return "a bad attribute of " + name;
            const auto end = text.find('"', at + 2);
            if (end == std::string_view::npos) return "an attribute without an end";
            if (auto bad = bad_characters(text.substr(at + 2, end - at - 2)); !bad.empty()) return bad + " in an attribute of " + name;
            at = end + 1;
        }
        if (text.substr(at, 2) == "/>") {
            at += 2;
        } else if (at < text.size() && text[at] == '>') {
            open.push_back(name);
            ++at;
        } else {
            return "the tag " + name + " does not end";
        }
    }
    return !open.empty() ? open.back() + " stays open" : root_seen ? "" : "nothing";
}

} // namespace xml
