#pragma once

#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/torch/pickle_machine.hpp>
#include <verdant/io/torch/pickle_object.hpp>
#include <verdant/io/torch/pickled_numpy.hpp>
#include <verdant/io/torch/pickled_tensors.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// What a checkpoint's pickle refers to: storages, tensors, ordered dictionaries.
namespace verdant::io::detail {

/// The closed list of classes and functions that checkpoints of PyTorch name, and what they mean as plain data. What any other would give is
/// opaque: an error, which names it, only where somebody asks for it. Nothing is ever run. Arrays of NumPy are tensors, its scalars numbers. Classes
/// of TorchScript modules (`__torch__...`) become records: attributes without code.
template <class = instantiated_when_used>
class basic_torch_unpickler {
public:
    using machine = pickle_machine<basic_torch_unpickler>;
    using list = typename machine::list;
    using pairs = typename machine::pairs;

    std::vector<torch_storage> storages;
    std::vector<torch_tensor> tensors;

    [[nodiscard]] static pickle_handle global(machine&, std::string name) {
        constexpr std::string_view prefix = "__builtin__.";
        if (name.starts_with(prefix)) name = "builtins." + name.substr(prefix.size());
        constexpr std::string_view new_numpy = "numpy._core."; // since NumPy 2
        if (name.starts_with(new_numpy)) name = "numpy.core." + name.substr(new_numpy.size());
        return machine::make(pickle_kind::name, std::move(name));
    }

    [[nodiscard]] pickle_handle call(machine& m, const std::string& name, pickle_handle arguments) {
        const auto& args = std::get<list>(arguments->value);
        const auto need = [&](std::size_t count) {
            if (args.size() < count) m.fail(std::to_string(count) + " arguments of " + name, std::to_string(args.size()));
        };
        if (name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor")
            return need(4), tensor(m, args, nullptr, args.size() > 6 ? &args[6] : nullptr);
        if (name == "torch._utils._rebuild_tensor_v3") return need(7), tensor(m, args, &args[6], args.size() > 7 ? &args[7] : nullptr);
        if (name == "torch._utils._rebuild_device_tensor_from_numpy" || name == "torch._utils._rebuild_device_tensor_from_cpu_tensor" ||
            name == "torch._utils._rebuild_xla_tensor")
            return need(2), moved_tensor(m, args);
        if (name == "torch._utils._rebuild_parameter" || name == "torch._utils._rebuild_parameter_with_state" ||
            name == "torch.jit._pickle.restore_type_tag" || name.starts_with("torch.jit._pickle.build_"))
            return need(1), args[0].node();
        if (name == "torch._tensor._rebuild_from_type_v2" || name == "torch._tensor._rebuild_from_type") return need(4), typed(m, args);
        if (auto array = numpy(m, name, args)) return array;
        if (is_dictionary(name)) return dictionary(m, name, args);
        if (name == "torch.Size" || name == "builtins.list" || name == "builtins.set" || name == "builtins.frozenset" || name == "builtins.tuple" ||
            name == "collections.deque")
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
        if (name.starts_with("copyreg.") || name.starts_with("copy_reg.")) // makes an object of the class that is its first argument
            return machine::opaque(!args.empty() && args[0].kind() == pickle_kind::name ? args[0].text() : name);
        return machine::opaque(name, is_tensor_function(name));
    }

    void build(machine& m, pickle_node& object, pickle_handle state) {
        if (object.kind == pickle_kind::name && object.label.starts_with(numpy_dtype_label)) return build_dtype(object, *state);
        if (object.kind == pickle_kind::opaque) {
            if (object.label == array_label) build_array(m, object, state);
            return;
        }
        // The attributes of a dictionary or list, such as `_metadata` of a state_dict, are not part of its content; those of a namespace are.
        if (object.kind == pickle_kind::list || (object.kind == pickle_kind::dict && object.label.empty())) return;
        if (object.kind != pickle_kind::record && object.kind != pickle_kind::dict) m.fail("an object that has attributes", name_of(object.kind));
        if (state->kind == pickle_kind::none) return;
        if (state->kind != pickle_kind::dict) {
            m.insert(object, machine::make(pickle_kind::text, std::string{"state"}), std::move(state));
            return;
        }
        if (!m.adopt(object, state)) return;
        copies(m, std::get<pairs>(state->value).size());
        for (const auto& [key, value] : std::get<pairs>(state->value)) m.insert(object, key.node(), value.node());
    }

    [[nodiscard]] pickle_handle persistent(machine& m, const pickle_handle& id) {
        if (id->kind != pickle_kind::tuple) m.fail("a reference to a storage", name_of(id->kind));
        const auto& args = std::get<list>(id->value);
        // The legacy format says so where it keeps the source text of a class.
        if (args.size() > 1 && args[0].kind() == pickle_kind::text && args[0].text() == "module" && args[1].kind() == pickle_kind::name)
            return args[1].node();
        if (args.size() < 5 || args[0].kind() != pickle_kind::text || args[0].text() != "storage" || args[1].kind() != pickle_kind::name ||
            args[2].kind() != pickle_kind::text)
            m.fail("a reference to a storage: 'storage', type, key, device, size", "another tuple");
        auto storage = storage_of(args[1].text());
        storage.key = args[2].text();
        storage.count = natural(m, args[4]);
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
    static constexpr std::string_view array_label = "numpy.ndarray";

    [[nodiscard]] static bool is_namespace(std::string_view name) { return name == "argparse.Namespace" || name == "types.SimpleNamespace"; }
    /// Functions of PyTorch that give tensors of kinds that are not read: sparse, quantised, nested, on no device, subclasses.
    [[nodiscard]] static bool is_tensor_function(std::string_view name) {
        return name.starts_with("torch._utils._rebuild_") || name.starts_with("torch._tensor._rebuild_") || name == "torch.storage._load_from_bytes";
    }
    [[nodiscard]] static bool is_untyped(std::string_view name) { return name == "torch.UntypedStorage" || name == "torch.storage.UntypedStorage"; }
    [[nodiscard]] static bool is_dictionary(std::string_view name) {
        return name == "collections.OrderedDict" || name == "collections.defaultdict" || name == "collections.Counter" || name == "builtins.dict" ||
               is_namespace(name);
    }

    [[nodiscard]] static std::optional<dtype> of_torch(std::string_view dtype_facts::* column, std::string_view name) {
        return name.starts_with("torch.") ? dtype_where(column, name.substr(6)) : std::nullopt;
    }
    [[nodiscard]] static std::optional<dtype> storage_class(std::string_view name) { return of_torch(&dtype_facts::storage, name); }
    [[nodiscard]] static std::optional<dtype> dtype_name(std::string_view name) { return of_torch(&dtype_facts::torch, name); }

    [[nodiscard]] static torch_storage storage_of(const std::string& name) {
        torch_storage out;
        out.type = storage_class(name);
        if (out.type) out.width = size_of(*out.type);
        else if (!is_untyped(name)) {
            out.foreign = name;
            for (const auto& one : foreign_storages)
                if (one.name == name) out.width = one.width;
        }
        return out;
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

    /// @param named the dtype, where it is not that of the storage @param metadata what PyTorch has not applied to the elements yet; either may be
    /// null
    [[nodiscard]] pickle_handle tensor(machine& m, const list& args, const pickle_object* named, const pickle_object* metadata) {
        if (args[0].kind() == pickle_kind::opaque) return machine::opaque(args[0].class_name(), true);
        if (args[0].kind() != pickle_kind::storage) m.fail("a storage", name_of(args[0].kind()));
        const auto& storage = storages[args[0].index()];
        if (!storage.foreign.empty()) return machine::opaque(storage.foreign, true);
        auto type = storage.type;
        if (named != nullptr) {
            if (named->kind() != pickle_kind::name) m.fail("a dtype", name_of(named->kind()));
            type = dtype_name(named->text());
            if (!type) return machine::opaque(named->text(), true);
        }
        if (!type) m.fail("a tensor with a type", "a storage without one");
        torch_tensor out{args[0].index(), {*type, naturals(m, args[2]), naturals(m, args[3]), natural(m, args[1])}};
        const auto& layout = out.layout;
        const auto extent = storage_extent(layout);
        const auto held = storage.type ? storage.count : storage.count / size_of(*type);
        if (!extent || *extent > held)
            m.fail("a tensor inside its storage of " + std::to_string(held) + " elements",
                   "shape " + shape_text(layout.shape) + ", strides " + shape_text(layout.strides) + ", offset " + std::to_string(layout.offset));
        if (const auto unknown = apply(metadata, out); !unknown.empty()) return machine::opaque("metadata '" + unknown + "'", true);
        return add(std::move(out));
    }

    [[nodiscard]] pickle_handle add(torch_tensor one) {
        tensors.push_back(std::move(one));
        return machine::make(pickle_kind::tensor, static_cast<std::int64_t>(tensors.size() - 1));
    }

    /// Applies what torch._utils.get_tensor_metadata writes. Conjugation changes nothing where numbers are real. Gives the key that is not known, if
    /// any.
    [[nodiscard]] static std::string apply(const pickle_object* metadata, torch_tensor& one) {
        if (metadata == nullptr || metadata->kind() == pickle_kind::none) return {};
        if (metadata->kind() != pickle_kind::dict) return "of another kind";
        for (const auto& [key, value] : metadata->entries()) {
            if (key.kind() != pickle_kind::text) return "of another kind";
            const bool known = (key.text() == "neg" && one.layout.type != dtype::boolean) || key.text() == "conj";
            if (!known || value.kind() != pickle_kind::boolean) return key.text();
            if (key.text() == "neg") one.negative = value.boolean();
        }
        return {};
    }

    /// A tensor that was copied from a device: the copy, and the type it had there. Only bfloat16 is copied as another one, which holds its values.
    [[nodiscard]] static pickle_handle refused_move(const list& args) {
        return machine::opaque(args[1].kind() == pickle_kind::name ? args[1].text() : "a device", true);
    }
    [[nodiscard]] pickle_handle moved_tensor(machine& m, const list& args) const {
        if (args[0].kind() == pickle_kind::opaque) return machine::opaque(args[0].class_name(), true);
        if (args[0].kind() != pickle_kind::tensor) m.fail("a tensor", name_of(args[0].kind()));
        const auto held = tensors[args[0].index()].layout.type;
        const auto meant = args[1].kind() == pickle_kind::name ? dtype_name(args[1].text()) : std::nullopt;
        const bool same = meant && (*meant == held || (*meant == dtype::bf16 && held == dtype::f32));
        return same ? args[0].node() : refused_move(args);
    }

    /// A tensor with its class: a function, the class, the function's arguments and attributes, which are not read. Nobody here knows what the
    /// elements of any other class mean.
    [[nodiscard]] pickle_handle typed(machine& m, const list& args) {
        if (args[0].kind() != pickle_kind::name || args[2].kind() != pickle_kind::tuple) m.fail("a function and its arguments", "other values");
        if (args[0].text().starts_with("torch._tensor._rebuild_from_type")) m.fail("a function that rebuilds a tensor", args[0].text() + " inside itself");
        const auto type = args[1].kind() == pickle_kind::name ? args[1].text() : std::string{name_of(args[1].kind())};
        if (type != "torch.Tensor" && type != "torch.nn.parameter.Parameter" && type != "torch.nn.parameter.Buffer") return machine::opaque(type, true);
        return call(m, args[0].text(), args[2].node());
    }

    /// What the functions of NumPy give; null for any other function.
    [[nodiscard]] pickle_handle numpy(machine& m, const std::string& name, const list& args) {
        if (name == "numpy.dtype") {
            if (args.empty() || args[0].kind() != pickle_kind::text) return machine::opaque(name);
            auto node = machine::make(pickle_kind::name, args[0].text());
            node->label = std::string{numpy_dtype_label} + "=";
            return node;
        }
        if (name == "numpy.core.multiarray._reconstruct") return machine::opaque(std::string{array_label});
        if (name == "numpy.core.multiarray.scalar") {
            if (args.size() < 2 || !is_numpy_dtype(args[0]) || !is_raw(args[1])) return machine::opaque(name);
            const auto [type, swapped] = numpy_type_of(args[0]);
            if (!type) return machine::opaque(name + " of type " + args[0].text());
            const auto raw = bytes_of(args[1]);
            if (raw.size() != size_of(*type)) m.fail("a NumPy scalar of " + std::to_string(size_of(*type)) + " bytes", std::to_string(raw.size()));
            return numpy_scalar(*type, swapped, raw.view());
        }
        if (name == "numpy.core.numeric._frombuffer") {
            if (args.size() < 3 || !is_raw(args[0]) || !is_numpy_dtype(args[1])) return machine::opaque(std::string{array_label}, true);
            const bool columns = args.size() > 3 && args[3].kind() == pickle_kind::text && args[3].text() == "F";
            return array(m, args[1], args[2], columns, args[0]);
        }
        return nullptr;
    }

    [[nodiscard]] static bool is_raw(const pickle_object& value) {
        return value.kind() == pickle_kind::octets || value.kind() == pickle_kind::text;
    }

    /// An array becomes a tensor over its own bytes.
    [[nodiscard]] pickle_handle array(machine& m, const pickle_object& type_name, const pickle_object& sizes, bool columns, const pickle_object& data) {
        const auto [type, swapped] = numpy_type_of(type_name);
        if (!type) return machine::opaque(std::string{array_label} + " of type " + type_name.text(), true);
        auto shape = naturals(m, sizes);
        auto content = bytes_of(data);
        const auto count = element_count(shape);
        if (!count || *count * size_of(*type) != content.size())
            m.fail("the elements of shape " + shape_text(shape) + " of " + std::string{name_of(*type)}, std::to_string(content.size()) + " bytes");
        auto strides = columns ? column_major_strides(shape) : row_major_strides(shape);
        data.node()->frozen = true;
        torch_storage storage;
        storage.type = type;
        storage.count = *count;
        storage.width = size_of(*type);
        storage.content = std::move(content);
        storage.swapped = swapped;
        storages.push_back(std::move(storage));
        return add({storages.size() - 1, {*type, std::move(shape), std::move(strides), 0}});
    }

    /// The state of a dtype: version, byte order, sub-type, names, fields, size, alignment, flags.
    static void build_dtype(pickle_node& object, const pickle_node& state) {
        const auto* const parts = std::get_if<list>(&state.value);
        if (parts == nullptr || parts->size() < 2 || (*parts)[1].kind() != pickle_kind::text) return;
        object.label = std::string{numpy_dtype_label} + (*parts)[1].text().substr(0, 1);
    }

    /// The state of an array: version (may be missing), shape, dtype, whether columns come first, elements.
    void build_array(machine& m, pickle_node& object, const pickle_handle& state) {
        const auto* const parts = std::get_if<list>(&state->value);
        object.tensor = true;
        if (parts == nullptr || parts->size() < 4 || parts->size() > 5) return;
        const auto at = [&](std::size_t i) -> const pickle_object& { return (*parts)[parts->size() - 4 + i]; };
        if (!is_numpy_dtype(at(1)) || at(2).kind() != pickle_kind::boolean || !is_raw(at(3))) {
            if (is_numpy_dtype(at(1))) object.label += " of type " + at(1).text();
            return;
        }
        const auto made = array(m, at(1), at(0), at(2).boolean(), at(3));
        object.kind = made->kind;
        object.value = made->value;
        object.tensor = made->tensor;
        object.label = made->label;
    }

    [[nodiscard]] pickle_handle dictionary(machine& m, const std::string& name, const list& args) {
        auto node = machine::make(pickle_kind::dict, pairs{});
        if (is_namespace(name)) node->label = name;
        if (args.empty() || name == "collections.defaultdict") return node;
        if (args[0].kind() == pickle_kind::opaque) return args[0].node();
        if (args[0].kind() == pickle_kind::dict) { // a Counter
            copies(m, args[0].entries().size());
            for (const auto& [key, value] : args[0].entries()) m.insert(*node, key.node(), value.node());
            return node;
        }
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
        if (args[0].kind() == pickle_kind::opaque) return args[0].node();
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
