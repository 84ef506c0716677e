#pragma once

#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/torch/pickle_object.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace verdant::io::detail {

/// Runs the data part of the pickle language (protocols 2 to 5): it builds plain values and never calls anything. What classes and functions
/// that are named mean as data is the host's closed list; all others become opaque values:
///
///     pickle_handle global(pickle_machine&, std::string name);        // the value of `module.name`
///     pickle_handle call(pickle_machine&, const std::string& name, pickle_handle arguments);  // REDUCE, NEWOBJ, NEWOBJ_EX, OBJ and INST
///     void build(pickle_machine&, pickle_node& object, pickle_handle state);                  // BUILD
///     pickle_handle persistent(pickle_machine&, pickle_handle id);    // BINPERSID
///
/// An opaque value takes whatever the pickle puts into it and keeps nothing. A container that would contain itself becomes opaque, so values are free
/// of cycles.
///
/// Total: memory is bounded by a constant times the length of the pickle, depth by 256, and an opcode outside the list is an error.
template <class Host>
class pickle_machine {
public:
    using list = std::vector<pickle_object>;
    using pairs = std::vector<pickle_object::pair>;

    pickle_machine(byte_cursor& cursor, Host& host) : cursor_{cursor}, host_{host} {}

    /// Runs one pickle up to its STOP.
    [[nodiscard]] pickle_object run() {
        if (cursor_.u8("pickle opcode") != 0x80) fail("a pickle of protocol 2", "another start");
        if (const auto protocol = cursor_.u8("pickle protocol"); protocol < 2 || protocol > 5)
            fail("a pickle protocol from 2 to 5", std::to_string(protocol));
        while (true) {
            const auto opcode = cursor_.u8("pickle opcode");
            if (opcode == '.') break;
            step(opcode);
        }
        if (stack_.size() != 1 || !marks_.empty()) fail("one value at the end of the pickle", std::to_string(stack_.size()));
        return pickle_object{pop()};
    }

    [[nodiscard]] static pickle_handle make(pickle_kind kind) {
        auto node = std::make_shared<pickle_node>();
        node->kind = kind;
        return node;
    }
    template <class T>
    [[nodiscard]] static pickle_handle make(pickle_kind kind, T value) {
        auto node = make(kind);
        node->value = std::move(value);
        return node;
    }

    /// What is not known as data. @param tensor whether it stands where a tensor would
    [[nodiscard]] static pickle_handle opaque(std::string label, bool tensor = false) {
        auto node = make(pickle_kind::opaque);
        node->label = std::move(label);
        node->tensor = tensor;
        return node;
    }
    static void turn_opaque(pickle_node& node, std::string label) {
        node.kind = pickle_kind::opaque;
        node.value = std::monostate{};
        node.label = std::move(label);
    }

    /// Makes `child` a part of `parent`; false where the parent keeps no parts since it is opaque. A parent that is part of something already
    /// turns so, since it might be part of the child.
    [[nodiscard]] bool adopt(pickle_node& parent, const pickle_handle& child) {
        if (parent.kind == pickle_kind::opaque) return false;
        child->frozen = true;
        if (parent.frozen) {
            turn_opaque(parent, "a container that changes after it became part of another");
            return false;
        }
        const auto depth = std::max<unsigned>(parent.depth, child->depth + 1u);
        if (depth > 256) fail("at most 256 levels", "more");
        const auto weight = std::uint64_t{parent.weight} + child->weight;
        if (weight > 1u << 24) fail("at most 16777216 values", "more");
        parent.depth = static_cast<std::uint16_t>(depth);
        parent.weight = static_cast<std::uint32_t>(weight);
        return true;
    }

    void append(pickle_node& parent, pickle_handle child) {
        if (adopt(parent, child)) std::get<list>(parent.value).emplace_back(std::move(child));
    }

    void insert(pickle_node& parent, pickle_handle key, pickle_handle value) {
        if (adopt(parent, key) && adopt(parent, value))
            std::get<pairs>(parent.value).emplace_back(pickle_object{std::move(key)}, pickle_object{std::move(value)});
    }

    [[noreturn]] void fail(std::string_view expected, std::string_view found) const { cursor_.fail(expected, found, 1); }

private:
    void step(std::uint8_t opcode) {
        switch (opcode) {
        case 'N': return push(make(pickle_kind::none));
        case 0x88: return push(make(pickle_kind::boolean, true));
        case 0x89: return push(make(pickle_kind::boolean, false));
        case 'J': return push_integer(static_cast<std::int32_t>(cursor_.little<std::uint32_t>("integer")));
        case 'K': return push_integer(cursor_.u8("integer"));
        case 'M': return push_integer(cursor_.little<std::uint16_t>("integer"));
        case 0x8a: return push_long(cursor_.u8("length"));
        case 0x8b: return push_long(cursor_.little<std::uint32_t>("length"));
        case 'I': return push_decimal();
        case 'G': return push(make(pickle_kind::real, std::bit_cast<double>(cursor_.big<std::uint64_t>("number"))));
        case 'U': return push_raw(pickle_kind::text, cursor_.u8("length"));
        case 'T': return push_raw(pickle_kind::text, cursor_.little<std::uint32_t>("length"));
        case 'C': return push_raw(pickle_kind::octets, cursor_.u8("length"));
        case 'B': return push_raw(pickle_kind::octets, cursor_.little<std::uint32_t>("length"));
        case 0x96:
        case 0x8e: return push_raw(pickle_kind::octets, cursor_.little<std::uint64_t>("length"));
        case 'X': return push_text(cursor_.little<std::uint32_t>("length"));
        case 0x8c: return push_text(cursor_.u8("length"));
        case 0x8d: return push_text(cursor_.little<std::uint64_t>("length"));
        case ']':
        case 0x8f: return push(make(pickle_kind::list, list{}));
        case '}': return push(make(pickle_kind::dict, pairs{}));
        case ')': return push(make(pickle_kind::tuple, list{}));
        case '(': return marks_.push_back(stack_.size());
        case 'l':
        case 0x91: return collect(pickle_kind::list, since_mark());
        case 't': return collect(pickle_kind::tuple, since_mark());
        case 0x85: return collect(pickle_kind::tuple, 1);
        case 0x86: return collect(pickle_kind::tuple, 2);
        case 0x87: return collect(pickle_kind::tuple, 3);
        case 'a': return append_all(1);
        case 'e':
        case 0x90: return append_all(since_mark());
        case 's': return insert_all(2);
        case 'u': return insert_all(since_mark());
        case 'd': return push_dict(since_mark());
        case '0': return static_cast<void>(pop());
        case '1': return discard(since_mark());
        case '2': return push(top());
        case 'h': return recall(cursor_.u8("memo index"));
        case 'j': return recall(cursor_.little<std::uint32_t>("memo index"));
        case 'q': return memorize(cursor_.u8("memo index"));
        case 'r': return memorize(cursor_.little<std::uint32_t>("memo index"));
        case 0x94: return memorize(static_cast<std::uint32_t>(memo_.size()));
        case 0x95: return static_cast<void>(cursor_.little<std::uint64_t>("frame length"));
        case 'c': return push_global();
        case 0x93: return push_stack_global();
        case 'R':
        case 0x81: return call();
        case 0x92: return call_with_keywords();
        case 'i': return push_global(), call_below(since_mark(), true);
        case 'o': return call_below(since_mark(), false);
        case 'b': return build();
        case 'Q': return push(host_.persistent(*this, pop()));
        case 0x97:
        case 0x98: fail("a pickle that holds its buffers itself", "a buffer out of band, which lies in no file");
        default: fail("an opcode that builds plain data", "opcode " + std::to_string(opcode));
        }
    }

    void push(pickle_handle value) { stack_.push_back(std::move(value)); }

    // Nothing below the topmost mark may be taken.
    [[nodiscard]] std::size_t available() const noexcept { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }

    [[nodiscard]] pickle_handle pop() {
        if (available() == 0) fail("a value on the stack", "none");
        auto value = std::move(stack_.back());
        stack_.pop_back();
        return value;
    }
    [[nodiscard]] const pickle_handle& top() const {
        if (available() == 0) fail("a value on the stack", "none");
        return stack_.back();
    }

    /// Removes the topmost mark and tells how many values lie above it.
    [[nodiscard]] std::size_t since_mark() {
        if (marks_.empty()) fail("a mark on the stack", "none");
        const auto count = stack_.size() - marks_.back();
        marks_.pop_back();
        return count;
    }

    void discard(std::size_t count) { stack_.resize(stack_.size() - count); }

    void push_integer(std::int64_t value) { push(make(pickle_kind::integer, value)); }

    void push_long(std::uint64_t size) {
        const auto raw = cursor_.take(size, "integer");
        if (size > 8) return push(make(pickle_kind::octets, std::string{raw.begin(), raw.end()}));
        std::uint64_t value = size != 0 && (raw.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | raw[i];
        push_integer(static_cast<std::int64_t>(value));
    }

    void push_decimal() {
        const auto text = cursor_.line("an integer");
        if (text == "00" || text == "01") return push(make(pickle_kind::boolean, text == "01"));
        std::int64_t value = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
        if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) fail("an integer", "'" + std::string{text.substr(0, 20)} + "'");
        push_integer(value);
    }

    void push_raw(pickle_kind kind, std::uint64_t size) {
        const auto raw = cursor_.take(size, "text");
        push(make(kind, std::string{raw.begin(), raw.end()}));
    }

    void push_text(std::uint64_t size) {
        push_raw(pickle_kind::text, size);
        if (!is_utf8(std::get<std::string>(top()->value))) fail("a text in UTF-8", "other bytes");
    }

    void collect(pickle_kind kind, std::size_t count) {
        if (count > available()) fail(std::to_string(count) + " values on the stack", std::to_string(available()));
        auto node = make(kind, list{});
        for (auto i = stack_.size() - count; i < stack_.size(); ++i) append(*node, stack_[i]);
        discard(count);
        push(std::move(node));
    }

    // The container lies below `count` values.
    [[nodiscard]] pickle_node& container(std::size_t count, std::string_view wanted) {
        if (count >= available()) fail(std::string{wanted} + " on the stack", "none");
        return *stack_[stack_.size() - count - 1];
    }

    void append_all(std::size_t count) {
        auto& into = container(count, "a list");
        if (into.kind != pickle_kind::list && into.kind != pickle_kind::opaque) fail("a list to append to", name_of(into.kind));
        for (auto i = stack_.size() - count; i < stack_.size(); ++i) append(into, stack_[i]);
        discard(count);
    }

    void insert_all(std::size_t count) {
        auto& into = container(count, "a dictionary");
        if (into.kind != pickle_kind::dict && into.kind != pickle_kind::opaque) fail("a dictionary to fill", name_of(into.kind));
        if (count % 2 != 0) fail("keys with values", "a key alone");
        for (auto i = stack_.size() - count; i < stack_.size(); i += 2) insert(into, stack_[i], stack_[i + 1]);
        discard(count);
    }

    void push_dict(std::size_t count) {
        if (count % 2 != 0) fail("keys with values", "a key alone");
        auto node = make(pickle_kind::dict, pairs{});
        for (auto i = stack_.size() - count; i < stack_.size(); i += 2) insert(*node, stack_[i], stack_[i + 1]);
        discard(count);
        push(std::move(node));
    }

    void memorize(std::uint32_t index) { memo_.insert_or_assign(index, top()); }

    void recall(std::uint32_t index) {
        const auto found = memo_.find(index);
        if (found == memo_.end()) fail("a value remembered as " + std::to_string(index), "none");
        push(found->second);
    }

    void push_global() {
        const auto module = cursor_.line("a module"), name = cursor_.line("a name");
        push(host_.global(*this, std::string{module} + "." + std::string{name}));
    }

    void push_stack_global() {
        const auto name = pop(), module = pop();
        if (name->kind != pickle_kind::text || module->kind != pickle_kind::text) fail("a module and a name", "other values");
        push(host_.global(*this, std::get<std::string>(module->value) + "." + std::get<std::string>(name->value)));
    }

    void call() {
        auto arguments = pop();
        const auto callee = pop();
        push(called(callee, std::move(arguments)));
    }

    [[nodiscard]] pickle_handle called(const pickle_handle& callee, pickle_handle arguments) {
        if (callee->kind == pickle_kind::opaque) return opaque(callee->label);
        if (callee->kind != pickle_kind::name) fail("a class or function to call", name_of(callee->kind));
        const auto& name = std::get<std::string>(callee->value);
        if (arguments->kind == pickle_kind::opaque) return opaque(name);
        if (arguments->kind != pickle_kind::tuple) fail("a tuple of arguments", name_of(arguments->kind));
        return host_.call(*this, name, std::move(arguments));
    }

    /// NEWOBJ_EX: no class of the closed list has keyword arguments.
    void call_with_keywords() {
        const auto keywords = pop();
        if (keywords->kind != pickle_kind::dict && keywords->kind != pickle_kind::opaque) fail("keyword arguments", name_of(keywords->kind));
        const bool none = keywords->kind == pickle_kind::dict && std::get<pairs>(keywords->value).empty();
        if (none) return call();
        static_cast<void>(pop());
        const auto callee = pop();
        if (callee->kind != pickle_kind::name && callee->kind != pickle_kind::opaque) fail("a class to call", name_of(callee->kind));
        push(opaque(callee->kind == pickle_kind::name ? std::get<std::string>(callee->value) : callee->label));
    }

    /// A class among the topmost `count` values, in front of its arguments or behind them, and the object in their place.
    void call_below(std::size_t count, bool class_last) {
        if (count == 0 || count > available()) fail("a class and its arguments on the stack", "none");
        const auto place = stack_.size() - (class_last ? 1 : count);
        auto callee = std::move(stack_[place]);
        stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(place));
        collect(pickle_kind::tuple, count - 1);
        push(called(callee, pop()));
    }

    void build() {
        auto state = pop();
        host_.build(*this, *top(), std::move(state));
    }

    byte_cursor& cursor_;
    Host& host_;
    std::vector<pickle_handle> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, pickle_handle> memo_;
};

} // namespace verdant::io::detail
