#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/zip_archive.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/negated.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/torch/pickle_object.hpp>
#include <verdant/io/torch/pickled_tensors.hpp>
#include <verdant/io/torch/torch_unpickler.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::io {

/// A checkpoint of PyTorch, read without PyTorch: what `torch.save` writes (the zip format of 1.6 and later, the legacy format before) and
/// TorchScript archives. The pickle inside is read as data by a closed list of names (see detail::torch_unpickler), which holds NumPy's scalars and
/// arrays too; nothing is executed. Any other object is opaque: an error only for who asks for it. Tensors
/// are read from the file when they are asked for, once for all tensors that share a storage, which
/// they go on sharing.
template <class = instantiated_when_used>
class basic_torch_checkpoint {
public:
    /// Throws file_error or input_error.
    [[nodiscard]] static basic_torch_checkpoint open(const std::string& path) { return basic_torch_checkpoint{byte_source::open(path)}; }

    explicit basic_torch_checkpoint(byte_source source);

    [[nodiscard]] const std::string& name() const noexcept { return source_.name(); }

    /// Everything in the checkpoint; `tensor()` gives the tensors that it mentions.
    [[nodiscard]] const pickle_object& root() const { return *root_; }

    /// The tensor that a value of kind `tensor` stands for. Throws input_error if its data are damaged.
    [[nodiscard]] tensor_data tensor(const pickle_object& value) const;

    /// All tensors below `value`, with the keys, attributes and indices on the way to them joined by dots. Each storage is read once. Opaque
    /// values are left unread, by name (named_tensors::unread).
    [[nodiscard]] named_tensors tensors_below(const pickle_object& value) const;

    /// Types and axes of the same tensors, without reading any storage.
    [[nodiscard]] named_shapes shapes_below(const pickle_object& value) const;

    /// The weights: the tensors below `state_dict` where the root is a dictionary with that key (a training checkpoint), else all below the
    /// root. Prefixes such as `module.` stay; see named_tensors::without_prefix. Throws input_error if there is no tensor.
    [[nodiscard]] named_tensors state_dict() const;

    /// Types and axes of the weights, without reading them. Throws input_error if there is no tensor.
    [[nodiscard]] named_shapes state_shapes() const;

private:
    using unpickler = detail::torch_unpickler;

    /// The number that a legacy file begins with, 0x1950a86a20f9469cfc6c, as a pickled integer.
    static constexpr char legacy_magic[] = {'\x6c', '\xfc', '\x9c', '\x46', '\xf9', '\x20', '\x6a', '\xa8', '\x50', '\x19'};

    [[nodiscard]] bool is_pickle() const;

    struct found {
        std::string name;
        std::size_t index;
        tensor_data value{};
    };

    [[nodiscard]] const pickle_object* state_dictionary() const;
    [[nodiscard]] const pickle_object& weights() const;
    template <class Tensors>
    void refuse_empty(const Tensors& tensors) const {
        if (!tensors.empty()) return;
        const std::string place = state_dictionary() != nullptr ? "state_dict" : "";
        if (tensors.unread().empty()) throw input_error{name(), place, "tensors", "none"};
        const auto& [path, what] = tensors.unread().front();
        const auto separator = place.empty() || path.empty() ? "" : ".";
        throw input_error{name(), place + separator + path, "tensors, as the state_dict of a model holds them", what};
    }

    void read_zip();

    void read_legacy();

    [[nodiscard]] pickle_object pickled(byte_cursor& cursor) { return unpickler::machine{cursor, unpickler_}.run(); }

    [[nodiscard]] static bool is_model_json(const zip_entry& entry) { return entry.name.ends_with("model.json"); }

    /// All bytes of one storage, in the byte order of this machine.
    [[nodiscard]] shared_bytes storage(std::size_t index) const;

    [[nodiscard]] strided_layout shifted(const detail::torch_tensor& one) const;

    [[nodiscard]] tensor_data elements(const detail::torch_tensor& one, const shared_bytes& data) const;

    /// Tensors may share storages and have broadcast axes, so a small file can describe much data; this bounds how much.
    [[nodiscard]] std::uint64_t largest_total() const noexcept { return 16 * source_.size() + (std::uint64_t{1} << 26); }

    void charge(std::uint64_t& budget, const detail::torch_tensor& one) const;

    /// @param budget what paths may take: branches may be shared, so a small file can describe 2^40 of them
    template <class Tensors>
    void collect(const pickle_object& value, const std::string& path, std::uint64_t& budget, std::vector<found>& out, Tensors& named) const {
        if (path.size() >= budget)
            throw input_error{name(), "",
                              "values whose paths take at most " + std::to_string(largest_total()) + " bytes in all for a file of this size",
                              "more, among them " + path.substr(0, 60)};
        budget -= path.size() + 1;
        const std::string stem = path.empty() ? path : path + ".";
        switch (value.kind()) {
        case pickle_kind::tensor: out.push_back({path, value.index()}); break;
        case pickle_kind::dict:
        case pickle_kind::record:
            for (const auto& [key, inner] : value.entries())
                if (key.kind() == pickle_kind::text || key.kind() == pickle_kind::integer)
                    collect(inner, stem + (key.kind() == pickle_kind::text ? key.text() : std::to_string(key.integer())), budget, out, named);
            break;
        case pickle_kind::list:
        case pickle_kind::tuple:
            for (std::size_t i = 0; i < value.items().size(); ++i) collect(value.items()[i], stem + std::to_string(i), budget, out, named);
            break;
        case pickle_kind::opaque: named.add_unread(path, detail::described(value)); break;
        default: break;
        }
    }

    byte_source source_;
    std::optional<zip_archive> archive_;
    std::string folder_;
    std::unordered_map<std::string, std::size_t> legacy_places_; ///< in legacy_parts_, by key
    std::vector<shared_bytes> legacy_parts_;
    unpickler unpickler_;
    std::optional<pickle_object> root_;
    bool swapped_ = false;
};

/// A checkpoint that is read from a file.
using torch_checkpoint = basic_torch_checkpoint<>;

template <class Deferred>
basic_torch_checkpoint<Deferred>::basic_torch_checkpoint(byte_source source) : source_{std::move(source)} {
    if (zip_archive::looks_like_one(source_)) read_zip();
    else if (is_pickle()) read_legacy();
    else throw input_error{source_.name(), "byte 0", "a checkpoint of PyTorch (a zip archive or the legacy pickle format)", "other bytes"};
}

template <class Deferred>
tensor_data basic_torch_checkpoint<Deferred>::tensor(const pickle_object& value) const {
    const auto& one = unpickler_.tensors.at(value.index());
    std::uint64_t budget = largest_total();
    charge(budget, one);
    return elements(one, storage(one.storage));
}

template <class Deferred>
named_tensors basic_torch_checkpoint<Deferred>::tensors_below(const pickle_object& value) const {
    std::vector<found> all;
    named_tensors out{name()};
    std::uint64_t budget = largest_total();
    collect(value, "", budget, all, out);
    budget = largest_total();
    std::vector<std::vector<std::size_t>> by_storage(unpickler_.storages.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        charge(budget, unpickler_.tensors[all[i].index]);
        by_storage[unpickler_.tensors[all[i].index].storage].push_back(i);
    }
    for (std::size_t index = 0; index < by_storage.size(); ++index) {
        if (by_storage[index].empty()) continue;
        const auto data = storage(index);
        for (const auto i : by_storage[index]) all[i].value = elements(unpickler_.tensors[all[i].index], data);
    }
    for (auto& one : all) out.add(std::move(one.name), std::move(one.value));
    return out;
}

template <class Deferred>
named_shapes basic_torch_checkpoint<Deferred>::shapes_below(const pickle_object& value) const {
    std::vector<found> all;
    named_shapes out{name()};
    std::uint64_t budget = largest_total();
    collect(value, "", budget, all, out);
    for (auto& one : all) {
        const auto& layout = unpickler_.tensors[one.index].layout;
        out.add(std::move(one.name), {layout.type, layout.shape});
    }
    return out;
}

template <class Deferred>
named_tensors basic_torch_checkpoint<Deferred>::state_dict() const {
    auto out = tensors_below(weights());
    refuse_empty(out);
    return out;
}

template <class Deferred>
named_shapes basic_torch_checkpoint<Deferred>::state_shapes() const {
    auto out = shapes_below(weights());
    refuse_empty(out);
    return out;
}

template <class Deferred>
bool basic_torch_checkpoint<Deferred>::is_pickle() const {
    const auto start = source_.size() < 2 ? byte_vector{} : source_.read(0, 2);
    return start.size() == 2 && start[0] == 0x80 && start[1] >= 2 && start[1] <= 5;
}

template <class Deferred>
const pickle_object* basic_torch_checkpoint<Deferred>::state_dictionary() const {
    const auto* const below = root_->kind() == pickle_kind::dict ? root_->find("state_dict") : nullptr;
    return below != nullptr && below->kind() == pickle_kind::tensor ? nullptr : below; // a tensor of that name is one of the weights
}

template <class Deferred>
const pickle_object& basic_torch_checkpoint<Deferred>::weights() const {
    const auto* const below = state_dictionary();
    return below != nullptr ? *below : *root_;
}

template <class Deferred>
void basic_torch_checkpoint<Deferred>::read_zip() {
    archive_.emplace(source_);
    for (const auto& entry : archive_->entries())
        if (entry.name == "data.pkl" || entry.name.ends_with("/data.pkl")) {
            if (root_) throw input_error{name(), "entry " + entry.name, "one data.pkl", "another"};
            folder_ = entry.name.substr(0, entry.name.size() - 8);
            const auto content = archive_->read(entry);
            byte_cursor cursor{name(), "entry " + entry.name, content};
            root_.emplace(unpickler::machine{cursor, unpickler_}.run());
        }
    if (!root_) {
        const bool old_script = std::any_of(archive_->entries().begin(), archive_->entries().end(), is_model_json);
        throw input_error{name(), "", "an entry data.pkl, as in a checkpoint of PyTorch",
                          old_script ? "model.json of a TorchScript archive of before PyTorch 1.3" : "none"};
    }
    if (const auto* order = archive_->find(folder_ + "byteorder")) {
        const auto content = archive_->read(*order);
        const auto text = as_text(content);
        if (text != "little" && text != "big")
            throw input_error{name(), "entry " + order->name, "little or big", "'" + std::string{text.substr(0, 20)} + "'"};
        swapped_ = (text == "little") != (std::endian::native == std::endian::little);
    } else swapped_ = std::endian::native != std::endian::little;
}

template <class Deferred>
void basic_torch_checkpoint<Deferred>::read_legacy() {
    const auto whole = source_.share_all();
    byte_cursor cursor{name(), "", whole.view()};
    if (const auto magic = pickled(cursor);
        magic.kind() != pickle_kind::octets || magic.text() != std::string_view{legacy_magic, sizeof legacy_magic})
        throw input_error{name(), "byte 0", "a checkpoint of PyTorch (a zip archive or the legacy pickle format)", "another pickle"};
    if (const auto version = pickled(cursor); version.kind() != pickle_kind::integer || version.integer() != 1001)
        cursor.fail("version 1001 of the legacy format", "another version");
    const auto system = pickled(cursor);
    const auto* little = system.kind() == pickle_kind::dict ? system.find("little_endian") : nullptr;
    if (little == nullptr || little->kind() != pickle_kind::boolean) cursor.fail("little_endian among the facts on the system", "none");
    swapped_ = little->boolean() != (std::endian::native == std::endian::little);
    root_ = pickled(cursor);
    const auto keys = pickled(cursor);
    if (keys.kind() != pickle_kind::list) cursor.fail("the list of storages", name_of(keys.kind()));
    std::unordered_map<std::string, std::size_t> widths;
    for (const auto& one : unpickler_.storages)
        if (const auto width = one.width; !one.content && !widths.emplace(one.key, width).second && widths[one.key] != width)
            cursor.fail("storages of one type for key " + one.key, "two types");
    for (const auto& key : keys.items()) {
        if (key.kind() != pickle_kind::text) cursor.fail("the key of a storage", name_of(key.kind()));
        const auto width = widths.find(key.text());
        if (width == widths.end()) cursor.fail("keys of storages that tensors use", key.text());
        const auto raw = cursor.take(8, "storage size");
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < 8; ++i) count |= std::uint64_t{raw[little->boolean() ? i : 7 - i]} << (8 * i);
        if (count > cursor.remaining() / width->second)
            cursor.fail("storage " + key.text() + " of at most " + std::to_string(cursor.remaining() / width->second) + " elements",
                        std::to_string(count), 8);
        if (!legacy_places_.emplace(key.text(), legacy_parts_.size()).second) cursor.fail("keys of storages once", key.text() + " twice");
        const auto first = cursor.position();
        legacy_parts_.push_back(whole.slice(first, cursor.take(count * width->second, "storage " + key.text()).size()));
    }
}

template <class Deferred>
shared_bytes basic_torch_checkpoint<Deferred>::storage(std::size_t index) const {
    const auto& one = unpickler_.storages[index];
    const std::size_t width = one.width;
    shared_bytes data;
    if (one.content) {
        data = *one.content;
    } else if (archive_) {
        data = archive_->share(folder_ + "data/" + one.key);
    } else if (const auto place = legacy_places_.find(one.key); place != legacy_places_.end()) {
        data = legacy_parts_[place->second];
    } else {
        throw input_error{name(), "", "the data of storage " + one.key, "none"};
    }
    if (one.first > data.size() / width || one.count > data.size() / width - one.first)
        throw input_error{name(), "storage " + one.key, std::to_string(one.count) + " elements from " + std::to_string(one.first),
                          std::to_string(data.size()) + " bytes"};
    if (!(one.content ? one.swapped : swapped_)) return data;
    byte_vector turned{data.view().begin(), data.view().end()};
    swap_byte_order(turned, width);
    return turned;
}

template <class Deferred>
strided_layout basic_torch_checkpoint<Deferred>::shifted(const detail::torch_tensor& one) const {
    auto layout = one.layout;
    layout.offset += unpickler_.storages[one.storage].first;
    return layout;
}

template <class Deferred>
tensor_data basic_torch_checkpoint<Deferred>::elements(const detail::torch_tensor& one, const shared_bytes& data) const {
    auto out = strided_tensor(shifted(one), data);
    return one.negative ? negated(out) : out;
}

template <class Deferred>
void basic_torch_checkpoint<Deferred>::charge(std::uint64_t& budget, const detail::torch_tensor& one) const {
    const auto size = *element_count(one.layout.shape) * size_of(one.layout.type);
    if (size > budget)
        throw input_error{name(), "", "tensors of at most " + std::to_string(largest_total()) + " bytes in all for a file of this size",
                          "one more of shape " + shape_text(one.layout.shape)};
    budget -= size;
}
VERDANT_DEFINED_ONCE(class basic_torch_checkpoint<>);

/// The weights of a checkpoint of PyTorch, see torch_checkpoint::state_dict. Throws file_error or input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors read_torch(const std::string& path) {
    return Checkpoint::open(path).state_dict();
}
VERDANT_DEFINED_ONCE(named_tensors read_torch<torch_checkpoint>(const std::string&));

} // namespace verdant::io
