#pragma once

#include <verdant/io/dtype.hpp>
#include <verdant/io/pickle_machine.hpp>
#include <verdant/io/strided_copy.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::io::detail {

/// A storage that a checkpoint names; its bytes lie elsewhere in the file.
struct torch_storage {
    std::string key;
    std::optional<dtype> type; ///< none: bytes without type
    std::uint64_t count = 0;   ///< elements, or bytes where there is no type
    std::uint64_t first = 0;   ///< element of the root storage at which a view of the legacy format begins
};

/// A tensor over a storage.
struct torch_tensor {
    std::size_t storage = 0;
    strided_layout layout;
};

/// The closed list of classes and functions that checkpoints of PyTorch name, and what they mean as plain data. Any other is an error that
/// names it. Classes of TorchScript modules (`__torch__...`) become records: attributes without code.
template <class = void>
class basic_torch_unpickler {
public:
    using machine = pickle_machine<basic_torch_unpickler>;
    using list = typename machine::list;
    using pairs = typename machine::pairs;

    std::vector<torch_storage> storages;
    std::vector<torch_tensor> tensors;

    [[nodiscard]] pickle_handle global(machine& m, std::string name) const {
        constexpr std::string_view prefix = "__builtin__.";
        if (name.starts_with(prefix)) name = "builtins." + name.substr(prefix.size());
        if (!is_known(name)) m.fail("a class or function that checkpoints of tensors may name", name + ", which is not on the list and is not run");
        return machine::make(pickle_kind::name, std::move(name));
    }

    [[nodiscard]] pickle_handle call(machine& m, const std::string& name, pickle_handle arguments) {
        const auto& args = std::get<list>(arguments->value);
        const auto need = [&](std::size_t count) {
            if (args.size() < count) m.fail(std::to_string(count) + " arguments of " + name, std::to_string(args.size()));
        };
        if (name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor") return need(4), tensor(m, args, std::nullopt);
        if (name == "torch._utils._rebuild_tensor_v3") return need(7), tensor(m, args, named_dtype(m, args[6]));
        if (name == "torch._utils._rebuild_parameter" || name == "torch._utils._rebuild_parameter_with_state" ||
            name == "torch.jit._pickle.restore_type_tag" || name.starts_with("torch.jit._pickle.build_"))
            return need(1), args[0].node();
        if (name == "torch._tensor._rebuild_from_type_v2") {
            need(4);
            if (args[0].kind() != pickle_kind::name || args[2].kind() != pickle_kind::tuple) m.fail("a function and its arguments", "other values");
            if (args[0].text() == name) m.fail("a function that rebuilds a tensor", name + " inside itself");
            return call(m, args[0].text(), args[2].node());
        }
        if (is_dictionary(name)) return dictionary(m, name, args);
        if (name == "torch.Size" || name == "builtins.list" || name == "builtins.set" || name == "builtins.frozenset" || name == "builtins.tuple")
            return sequence(m, name, args);
        if (name == "torch.device") return need(1), device(m, args);
        if (name == "_codecs.encode") return need(1), encoded(m, args[0]);
        if (name == "builtins.bytearray" || name == "builtins.bytes")
            return args.empty() ? machine::make(pickle_kind::octets, std::string{}) : args[0].node();
        if (name.starts_with("__torch__.")) {
            auto record = machine::make(pickle_kind::record, pairs{});
            record->label = name;
            return record;
        }
        m.fail("a class or function that can be called as data", name);
    }

    void build(machine& m, pickle_node& object, pickle_handle state) {
        // The attributes of a dictionary, such as `_metadata` of a state_dict, are not part of its content; those of a namespace are.
        if (object.kind == pickle_kind::dict && object.label != namespace_class) return;
        if (object.kind != pickle_kind::record && object.kind != pickle_kind::dict) m.fail("an object that has attributes", name_of(object.kind));
        if (state->kind != pickle_kind::dict) {
            m.insert(object, machine::make(pickle_kind::text, std::string{"state"}), std::move(state));
            return;
        }
        m.adopt(object, state);
        copies(m, std::get<pairs>(state->value).size());
        for (const auto& [key, value] : std::get<pairs>(state->value)) m.insert(object, key.node(), value.node());
    }

    [[nodiscard]] pickle_handle persistent(machine& m, const pickle_handle& id) {
        if (id->kind != pickle_kind::tuple) m.fail("a reference to a storage", name_of(id->kind));
        const auto& args = std::get<list>(id->value);
        if (args.size() < 5 || args[0].kind() != pickle_kind::text || args[0].text() != "storage" || args[1].kind() != pickle_kind::name ||
            args[2].kind() != pickle_kind::text)
            m.fail("a reference to a storage: 'storage', type, key, device, size", "another tuple");
        torch_storage storage{args[2].text(), storage_dtype(m, args[1].text()), natural(m, args[4]), 0};
        if (args.size() > 5 && args[5].kind() == pickle_kind::tuple) { // a view of the legacy format: key, offset, size
            const auto view = args[5].items();
            if (view.size() != 3) m.fail("key, offset and size of a storage view", std::to_string(view.size()) + " values");
            storage.first = natural(m, view[1]);
            storage.count = natural(m, view[2]);
        }
        // Newlines cannot be in the name of a class, so different storages have different identities.
        auto identity = args[1].text() + "\n" + std::to_string(storage.first) + "\n" + std::to_string(storage.count) + "\n" + storage.key;
        const auto [place, is_new] = places_.emplace(std::move(identity), storages.size());
        if (is_new) storages.push_back(std::move(storage));
        return machine::make(pickle_kind::storage, static_cast<std::int64_t>(place->second));
    }

private:
    static constexpr std::string_view namespace_class = "argparse.Namespace";
    static constexpr std::array<std::string_view, 29> plain_names{"_codecs.encode",
                                                                  "argparse.Namespace",
                                                                  "builtins.bytearray",
                                                                  "builtins.bytes",
                                                                  "builtins.dict",
                                                                  "builtins.float",
                                                                  "builtins.frozenset",
                                                                  "builtins.int",
                                                                  "builtins.list",
                                                                  "builtins.set",
                                                                  "builtins.tuple",
                                                                  "collections.OrderedDict",
                                                                  "collections.defaultdict",
                                                                  "torch.Size",
                                                                  "torch.Tensor",
                                                                  "torch._tensor._rebuild_from_type_v2",
                                                                  "torch._utils._rebuild_parameter",
                                                                  "torch._utils._rebuild_parameter_with_state",
                                                                  "torch._utils._rebuild_tensor",
                                                                  "torch._utils._rebuild_tensor_v2",
                                                                  "torch._utils._rebuild_tensor_v3",
                                                                  "torch.device",
                                                                  "torch.jit._pickle.build_boollist",
                                                                  "torch.jit._pickle.build_doublelist",
                                                                  "torch.jit._pickle.build_intlist",
                                                                  "torch.jit._pickle.build_tensorlist",
                                                                  "torch.jit._pickle.restore_type_tag",
                                                                  "torch.nn.parameter.Buffer",
                                                                  "torch.nn.parameter.Parameter"};

    [[nodiscard]] static bool is_known(std::string_view name) {
        if (std::binary_search(plain_names.begin(), plain_names.end(), name)) return true;
        return name.starts_with("__torch__.") || is_untyped(name) || storage_class(name) || dtype_name(name);
    }
    [[nodiscard]] static bool is_untyped(std::string_view name) { return name == "torch.UntypedStorage" || name == "torch.storage.UntypedStorage"; }
    [[nodiscard]] static bool is_dictionary(std::string_view name) {
        return name == "collections.OrderedDict" || name == "collections.defaultdict" || name == "builtins.dict" || name == namespace_class;
    }

    [[nodiscard]] static std::optional<dtype> of_torch(std::string_view dtype_facts::* column, std::string_view name) {
        return name.starts_with("torch.") ? dtype_where(column, name.substr(6)) : std::nullopt;
    }
    [[nodiscard]] static std::optional<dtype> storage_class(std::string_view name) { return of_torch(&dtype_facts::storage, name); }
    [[nodiscard]] static std::optional<dtype> dtype_name(std::string_view name) { return of_torch(&dtype_facts::torch, name); }

    [[nodiscard]] static std::optional<dtype> storage_dtype(machine& m, const std::string& name) {
        const auto type = storage_class(name);
        if (!type && !is_untyped(name)) m.fail("a storage class", name);
        return type;
    }
    [[nodiscard]] static dtype named_dtype(machine& m, const pickle_object& value) {
        const auto type = value.kind() == pickle_kind::name ? dtype_name(value.text()) : std::nullopt;
        if (!type) m.fail("a dtype", value.kind() == pickle_kind::name ? value.text() : name_of(value.kind()));
        return *type;
    }

    [[nodiscard]] static std::uint64_t natural(machine& m, const pickle_object& value) {
        if (value.kind() != pickle_kind::integer || value.integer() < 0)
            m.fail("a size of 0 or more",
                   value.kind() == pickle_kind::integer ? std::to_string(value.integer()) : std::string{name_of(value.kind())});
        return static_cast<std::uint64_t>(value.integer());
    }
    [[nodiscard]] static tensor_shape naturals(machine& m, const pickle_object& value) {
        if (value.kind() != pickle_kind::tuple && value.kind() != pickle_kind::list) m.fail("a tuple of sizes", name_of(value.kind()));
        if (value.items().size() > 64) m.fail("at most 64 axes", std::to_string(value.items().size()));
        tensor_shape out;
        for (const auto& one : value.items()) out.push_back(natural(m, one));
        return out;
    }

    [[nodiscard]] pickle_handle tensor(machine& m, const list& args, std::optional<dtype> type) {
        if (args[0].kind() != pickle_kind::storage) m.fail("a storage", name_of(args[0].kind()));
        const auto& storage = storages[args[0].index()];
        if (!type) type = storage.type;
        if (!type) m.fail("a tensor with a type", "a storage without one");
        strided_layout layout{*type, naturals(m, args[2]), naturals(m, args[3]), natural(m, args[1])};
        const auto extent = storage_extent(layout);
        const auto held = storage.type ? storage.count : storage.count / size_of(*type);
        if (!extent || *extent > held)
            m.fail("a tensor inside its storage of " + std::to_string(held) + " elements",
                   "shape " + shape_text(layout.shape) + ", strides " + shape_text(layout.strides) + ", offset " + std::to_string(layout.offset));
        tensors.push_back({args[0].index(), std::move(layout)});
        return machine::make(pickle_kind::tensor, static_cast<std::int64_t>(tensors.size() - 1));
    }

    [[nodiscard]] pickle_handle dictionary(machine& m, const std::string& name, const list& args) {
        auto node = machine::make(pickle_kind::dict, pairs{});
        if (name == namespace_class) node->label = name;
        if (args.empty() || name == "collections.defaultdict") return node;
        // An OrderedDict may come as a list of pairs.
        if (args[0].kind() != pickle_kind::list && args[0].kind() != pickle_kind::tuple) m.fail("a list of pairs", name_of(args[0].kind()));
        copies(m, args[0].items().size());
        for (const auto& one : args[0].items()) {
            if ((one.kind() != pickle_kind::list && one.kind() != pickle_kind::tuple) || one.items().size() != 2)
                m.fail("a pair", name_of(one.kind()));
            m.insert(*node, one.items()[0].node(), one.items()[1].node());
        }
        return node;
    }

    [[nodiscard]] pickle_handle sequence(machine& m, const std::string& name, const list& args) {
        const bool fixed = name == "torch.Size" || name == "builtins.tuple";
        auto node = machine::make(fixed ? pickle_kind::tuple : pickle_kind::list, list{});
        if (args.empty()) return node;
        if (args[0].kind() != pickle_kind::list && args[0].kind() != pickle_kind::tuple) m.fail("a list or tuple", name_of(args[0].kind()));
        copies(m, args[0].items().size());
        for (const auto& one : args[0].items()) m.append(*node, one.node());
        return node;
    }

    [[nodiscard]] static pickle_handle device(machine& m, const list& args) {
        if (args[0].kind() != pickle_kind::text) m.fail("the name of a device", name_of(args[0].kind()));
        const bool numbered = args.size() > 1 && args[1].kind() == pickle_kind::integer;
        return machine::make(pickle_kind::text, args[0].text() + (numbered ? ":" + std::to_string(args[1].integer()) : ""));
    }

    // Protocol 2 writes bytes as a text whose characters are the bytes (latin-1).
    [[nodiscard]] pickle_handle encoded(machine& m, const pickle_object& text) {
        if (text.kind() != pickle_kind::text) m.fail("a text that stands for bytes", name_of(text.kind()));
        copies(m, text.text().size() / 64 + 1);
        std::string raw;
        for (const auto code : from_utf8(text.text())) {
            if (code > 0xff) m.fail("characters up to U+00FF", "a larger one");
            raw += static_cast<char>(code);
        }
        return machine::make(pickle_kind::octets, std::move(raw));
    }

    /// A call is a few bytes long but copies all that its argument holds; this bounds the sum.
    void copies(machine& m, std::uint64_t count) {
        copied_ += count;
        if (copied_ > 1u << 20) m.fail("calls that copy at most 1048576 values", "more");
    }

    std::uint64_t copied_ = 0;
    std::unordered_map<std::string, std::size_t> places_;
};
using torch_unpickler = basic_torch_unpickler<>;

} // namespace verdant::io::detail
