#include "unit/io/damage.hpp"
#include "unit/io/folder.hpp"
#include "unit/io/samples.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>

namespace io = verdant::io;
using std::string_view_literals::operator""sv;

namespace {

/// Writes pickles as Python and TorchScript do, opcode by opcode.
class pickle {
public:
    pickle() { raw("\x80\x02"); }
    pickle& raw(std::string_view code) {
        out_.insert(out_.end(), code.begin(), code.end());
        return *this;
    }
    pickle& text(std::string_view value) {
        raw("X");
        io::append_little<std::uint32_t>(out_, static_cast<std::uint32_t>(value.size()));
        return raw(value);
    }
    pickle& integer(std::int32_t value) {
        raw("J");
        io::append_little<std::uint32_t>(out_, static_cast<std::uint32_t>(value));
        return *this;
    }
    pickle& tuple(std::initializer_list<int> values) {
        raw("(");
        for (const int value : values) integer(value);
        return raw("t");
    }
    pickle& storage(std::string_view type, std::string_view key, int count) {
        return raw("(").text("storage").raw("ctorch\n").raw(type).raw("\n").text(key).text("cpu").integer(count).raw("tQ");
    }
    pickle& tensor(std::string_view type, std::string_view key, int count, int offset, std::initializer_list<int> shape,
                   std::initializer_list<int> strides) {
        raw("ctorch._utils\n_rebuild_tensor_v2\n(").storage(type, key, count).integer(offset).tuple(shape).tuple(strides);
        return raw("\x89").raw("ccollections\nOrderedDict\n)RtR");
    }
    [[nodiscard]] io::byte_vector stop() {
        raw(".");
        return std::move(out_);
    }

private:
    io::byte_vector out_;
};

struct storage_file {
    std::string key;
    io::byte_vector data;
};

io::byte_vector floats(std::vector<float> values) {
    io::byte_vector out(values.size() * 4);
    std::memcpy(out.data(), values.data(), out.size());
    return out;
}

io::byte_vector zip_checkpoint(const io::byte_vector& pickled, const std::vector<storage_file>& storages, const std::string& order = {}) {
    io::zip_writer writer;
    writer.add("net/data.pkl", pickled, io::zip_writer::packing::stored);
    for (const auto& one : storages) writer.add("net/data/" + one.key, one.data, io::zip_writer::packing::stored, 64);
    if (!order.empty()) writer.add("net/byteorder", io::to_bytes(order), io::zip_writer::packing::stored);
    return std::move(writer).finish();
}

io::byte_vector legacy_checkpoint(const io::byte_vector& pickled, const std::vector<storage_file>& storages, std::size_t width) {
    io::byte_vector out = pickle{}.raw(std::string_view{"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12}).stop();
    const auto add = [&](const io::byte_vector& more) { out.insert(out.end(), more.begin(), more.end()); };
    add(pickle{}.raw("M\xe9\x03").stop());
    add(pickle{}.raw("}(").text("protocol_version").raw("M\xe9\x03").text("little_endian").raw("\x88u").stop());
    add(pickled);
    pickle keys;
    keys.raw("](");
    for (const auto& one : storages) keys.text(one.key);
    add(keys.raw("e").stop());
    for (const auto& one : storages) {
        io::append_little<std::uint64_t>(out, one.data.size() / width);
        add(one.data);
    }
    return out;
}

io::torch_checkpoint open(io::byte_vector content) { return io::torch_checkpoint{{"a.pt", std::move(content)}}; }

io::torch_checkpoint open_pickle(pickle& p, const std::vector<storage_file>& storages = {}) { return open(zip_checkpoint(p.stop(), storages)); }

void read_all(io::byte_vector content) { static_cast<void>(open(std::move(content)).state_dict()); }

} // namespace

TEST_CASE("checkpoints come back as they were written", "[io]") {
    const auto tensors = sample_tensors(false);
    CHECK(io::torch_checkpoint{{"a.pt", io::to_torch(tensors)}}.state_dict() == tensors);
    const io::torch_checkpoint below{{"a.pt", io::to_torch(tensors, "archive", "state_dict")}};
    CHECK(below.root().find("state_dict") != nullptr);
    CHECK(below.state_dict() == tensors);
    CHECK_THROWS_AS(io::to_torch(sample_tensors(true)), verdant::error); // PyTorch has no storage of uint32
}

TEST_CASE("an OrderedDict with metadata, wrapped as a training checkpoint, with parameters and views, is read", "[io]") {
    pickle p;
    p.raw("}(").text("epoch").integer(3).text("name").raw("N").text("loss").raw(std::string_view{"G\x3f\xe0\0\0\0\0\0\0", 9});
    p.text("state_dict").raw("ccollections\nOrderedDict\n)Rq\x01(");
    p.text("module.w")
        .raw("ctorch._utils\n_rebuild_parameter\n(")
        .tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3})
        .raw("\x88")
        .raw("ccollections\nOrderedDict\n)RtR");
    p.text("module.b").tensor("FloatStorage", "0", 6, 4, {2}, {1});
    p.text("module.h").tensor("HalfStorage", "1", 2, 0, {2, 2}, {0, 1});
    p.raw("u}(").text("_metadata").raw("ccollections\nOrderedDict\n)Rub"); // BUILD with attributes
    p.text("optimizer").raw("}(").text("state").raw("}(").integer(0).raw("}(").text("exp_avg").tensor("DoubleStorage", "2", 1, 0, {}, {}).raw("uuu");
    p.text("args").raw("cargparse\nNamespace\n)\x81}(").text("lr").raw(std::string_view{"G\x3f\xf0\0\0\0\0\0\0", 9}).raw("ub");
    p.text("rng").raw("c_codecs\nencode\n(").text("\xc3\xbf\x01").text("latin1").raw("tR");
    p.text("dtype").raw("ctorch\nfloat32\n").text("size").raw("ctorch\nSize\n((K\x02K\x03ttR").raw("u");
    const double one = 1;
    io::byte_vector double_bytes(8);
    std::memcpy(double_bytes.data(), &one, 8);
    const auto checkpoint = open_pickle(p, {{"0", floats({0, 1, 2, 3, 4, 5})}, {"1", {0x00, 0x3c, 0x00, 0x40}}, {"2", double_bytes}});
    const auto& root = checkpoint.root();
    CHECK(root.find("epoch")->integer() == 3);
    CHECK(root.find("loss")->real() == 0.5);
    CHECK(root.find("name")->kind() == io::pickle_kind::none);
    CHECK(root.find("args")->find("lr")->real() == 1);
    CHECK(root.find("rng")->text() == "\xff\x01");
    CHECK(root.find("dtype")->text() == "torch.float32");
    CHECK(root.find("size")->items()[1].integer() == 3);
    CHECK(root.find("state_dict")->find("_metadata") == nullptr);
    const auto weights = checkpoint.state_dict().without_prefix("module.");
    REQUIRE(weights.size() == 3);
    CHECK(weights.at("w").to<float>() == std::vector<float>{0, 3, 1, 4, 2, 5});
    CHECK(weights.at("b").to<float>() == std::vector<float>{4, 5});
    CHECK(weights.at("h").to<float>() == std::vector<float>{1, 2, 1, 2});
    CHECK(checkpoint.tensors_below(*root.find("optimizer")).at("state.0.exp_avg").to<double>() == std::vector<double>{1});
    CHECK(checkpoint.tensor(*root.find("state_dict")->find("module.b")).to<float>() == std::vector<float>{4, 5});
    CHECK_THROWS_AS(root.find("epoch")->text(), verdant::error);
    CHECK_THROWS_AS(checkpoint.tensor(root), verdant::error);
}

TEST_CASE("tensors of one storage share it, and outlive checkpoint and file", "[io]") {
    pickle p;
    p.raw("}(").text("a").tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}).text("tied").tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1});
    p.text("tail").tensor("FloatStorage", "0", 6, 4, {2}, {1}).text("turned").tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3}).raw("u");
    const scratch_folder folder;
    const auto path = folder.file("a.pt");
    const auto content = zip_checkpoint(p.stop(), {{"0", floats({0, 1, 2, 3, 4, 5})}});
    for (const bool mapped : {false, true}) {
        io::write_file(path, io::as_text(content));
        const auto weights = io::torch_checkpoint{mapped ? io::byte_source::map(path) : io::byte_source::open(path)}.state_dict();
        io::write_file(path, io::as_text(io::to_torch(sample_tensors(false))));
        CHECK(weights.at("a").content().data() == weights.at("tied").content().data());
        CHECK(weights.at("tail").content().data() == weights.at("a").content().data() + 16);
        CHECK(weights.at("a").to<float>() == std::vector<float>{0, 1, 2, 3, 4, 5});
        CHECK(weights.at("turned").to<float>() == std::vector<float>{0, 3, 1, 4, 2, 5});
    }
}

TEST_CASE("shapes are read without the weights", "[io]") {
    const auto tensors = sample_tensors(false);
    auto content = io::to_torch(tensors, "archive", "state_dict");
    CHECK(io::torch_checkpoint{{"a.pt", content}}.state_shapes() == io::shapes_of(tensors));
    CHECK(io::parse_shapes({"a.pt", content}) == io::shapes_of(tensors));
    // With the content of the first storage damaged, which only its checksum tells.
    const float quarter = 0.25F;
    unsigned char bytes[4];
    std::memcpy(bytes, &quarter, 4);
    *std::search(content.begin(), content.end(), std::begin(bytes), std::end(bytes)) ^= 1;
    const io::torch_checkpoint damaged{{"a.pt", content}};
    CHECK(refuses([&] { return damaged.state_dict(); }, {"a.pt", "archive/data/0", "the content is damaged"}));
    CHECK(damaged.state_shapes() == io::shapes_of(tensors));
    pickle none;
    CHECK(refuses([&] { return open_pickle(none.raw("}")).state_shapes(); }, {"expected tensors, found none"}));
    const auto arrays = sample_tensors(true, false);
    CHECK(io::parse_shapes({"a.npz", io::to_npz(arrays)}) == io::shapes_of(arrays));
    CHECK(io::parse_shapes({"a.npy", io::to_npy(arrays.at("steps"))}).at("").shape() == io::tensor_shape{3});
    CHECK(io::parse_shapes({"a.safetensors", io::to_safetensors({tensors, {}})}) == io::shapes_of(tensors));
}

TEST_CASE("a file that is cut off anywhere is refused by its name, with or without its weights", "[io]") {
    const scratch_folder folder;
    const auto tensors = sample_tensors(false);
    for (const auto& content : {io::to_torch(tensors), io::to_safetensors({tensors, {}})}) {
        const auto path = folder.file("cut");
        for (const auto size : {content.size() - 1, content.size() / 2, std::size_t{9}}) {
            io::write_file(path, io::as_text(content).substr(0, size));
            CHECK(refuses([&] { return io::read_tensors(path); }, {path}));
            CHECK(refuses([&] { return io::read_shapes(path); }, {path}));
            CHECK(refuses([&] { return io::parse_tensors(io::byte_source::map(path)); }, {path}));
        }
    }
}

TEST_CASE("the legacy format is read, with views of storages", "[io]") {
    pickle p;
    p.raw("ccollections\nOrderedDict\n)R(").text("a").tensor("FloatStorage", "94", 4, 0, {2, 2}, {2, 1});
    // A storage that is a view: elements 1 to 3 of storage 94.
    p.text("b").raw("ctorch._utils\n_rebuild_tensor\n((").text("storage").raw("ctorch\nFloatStorage\n").text("94").text("cpu").integer(4);
    p.raw("(").text("view").integer(1).integer(3).raw("ttQ").integer(1).tuple({2}).tuple({1}).raw("tRu");
    const auto content = legacy_checkpoint(p.stop(), {{"94", floats({1, 2, 3, 4})}}, 4);
    const auto weights = open(content).state_dict();
    CHECK(weights.at("a").to<float>() == std::vector<float>{1, 2, 3, 4});
    CHECK(weights.at("b").to<float>() == std::vector<float>{3, 4});
    CHECK(io::parse_tensors({"a.pth", content}) == weights);
    auto first = std::make_unique<io::torch_checkpoint>(open(content));
    const auto copy = *first;
    first.reset();
    CHECK(copy.state_dict() == weights);
    CHECK(survives_damage(content, read_all, 3000) > 1000);
}

TEST_CASE("a TorchScript archive gives parameters by their path, its code is not touched", "[io]") {
    pickle p;
    p.raw("c__torch__\nNet\n)\x81}(").text("training").raw("\x88");
    p.text("visual").raw("c__torch__.torch.nn\nSub\n)\x81}(").text("weight").tensor("BFloat16Storage", "0", 2, 0, {2}, {1}).raw("ub");
    p.text("sizes")
        .raw("ctorch.jit._pickle\nbuild_intlist\n](K\x01K\x02"
             "e\x85R")
        .text("input_resolution")
        .integer(224)
        .raw("ub");
    io::zip_writer writer;
    writer.add("net/data.pkl", p.stop(), io::zip_writer::packing::deflated);
    writer.add("net/data/0", io::byte_vector{0x80, 0x3f, 0x00, 0x40}, io::zip_writer::packing::stored);
    writer.add("net/code/__torch__.py", io::to_bytes("raise SystemExit"), io::zip_writer::packing::deflated);
    writer.add("net/constants.pkl", io::to_bytes("\x80\x02)."), io::zip_writer::packing::stored);
    const auto checkpoint = open(std::move(writer).finish());
    CHECK(checkpoint.root().class_name() == "__torch__.Net");
    CHECK(checkpoint.root().find("sizes")->items().size() == 2);
    CHECK(checkpoint.root().find("input_resolution")->integer() == 224);
    const auto weights = checkpoint.state_dict();
    REQUIRE(weights.size() == 1);
    CHECK(weights.at("visual.weight").to<float>() == std::vector<float>{1, 2});
}

TEST_CASE("big-endian checkpoints are read where they say so", "[io]") {
    pickle p;
    p.raw("}(").text("a").tensor("ShortStorage", "0", 2, 0, {2}, {1}).raw("u");
    const auto content = zip_checkpoint(p.stop(), {{"0", {0x01, 0x02, 0xff, 0xfe}}}, "big");
    CHECK(open(content).state_dict().at("a").to<int>() == std::vector<int>{0x102, -2});
}

TEST_CASE("names outside the closed list are opaque, an error where somebody looks, and nothing is run", "[io]") {
    for (const auto* name : {"os\nsystem\n", "builtins\neval\n", "__builtin__\ngetattr\n", "subprocess\nPopen\n", "torch\nload\n", "models\nMyNet\n",
                             "torch\nFloatStorage\n", "numpy.random._pickle\n__randomstate_ctor\n"}) {
        pickle p;
        p.raw("}(").text("state_dict").raw("}(").text("w").tensor("FloatStorage", "0", 1, 0, {1}, {1}).raw("u").text("odd");
        p.raw("c").raw(name).text("touch /tmp/never").raw("\x85R}(").text("state").integer(1).raw("ub").text("class").raw("c").raw(name).raw("u");
        std::string dotted = name;
        dotted.pop_back();
        dotted[dotted.find('\n')] = '.';
        if (dotted.starts_with("__builtin__")) dotted = "builtins.getattr";
        const auto checkpoint = open_pickle(p, {{"0", floats({7})}});
        CHECK(checkpoint.state_dict().at("w").to<float>() == std::vector<float>{7});
        const auto& odd = *checkpoint.root().find("odd");
        CHECK(odd.kind() == io::pickle_kind::opaque);
        CHECK(odd.class_name() == dotted);
        CHECK(checkpoint.root().find("class")->text() == dotted);
        CHECK_THROWS_WITH(odd.find("state"), Catch::Contains("an object of " + dotted) && Catch::Contains("is not run"));
        CHECK_THROWS_WITH(odd.integer(), Catch::Contains(dotted));
        CHECK_THROWS_WITH(checkpoint.tensor(odd), Catch::Contains(dotted));
        CHECK(refuses([&] { return checkpoint.tensors_below(checkpoint.root()).at("odd"); }, {"a.pt, tensor odd", dotted}));
    }
    CHECK(std::remove("/tmp/never") != 0);
    // Opcodes of protocols 0 and 1, of the registry of extensions, and buffers out of band.
    for (const std::string_view opcode : {"P", "\x82", "g", "p", "S", "V", "F", "L"}) {
        pickle p;
        p.raw("N").raw(opcode);
        CHECK(refuses([&] { open_pickle(p); }, {"a.pt", "opcode"}));
    }
    for (const std::string_view opcode : {"\x97", "\x98"}) {
        pickle p;
        p.raw("N").raw(opcode);
        CHECK(refuses([&] { open_pickle(p); }, {"a.pt", "out of band"}));
    }
}

TEST_CASE("a checkpoint of a whole model is refused by the name of its class", "[io]") {
    pickle p;
    p.raw("cmodels\nMyNet\n)\x81}(").text("_parameters").raw("}(").text("w").tensor("FloatStorage", "0", 1, 0, {1}, {1}).raw("uub");
    CHECK(refuses([&] { return open_pickle(p, {{"0", floats({7})}}).state_dict(); }, {"a.pt: expected tensors", "state_dict", "models.MyNet"}));
    pickle below;
    below.raw("}(").text("state_dict").raw("cmodels\nMyNet\n)\x81u");
    CHECK(refuses([&] { return open_pickle(below).state_shapes(); }, {"a.pt, state_dict: expected tensors", "models.MyNet"}));
}

TEST_CASE("objects in each form that pickles have, with items, attributes and themselves inside, are opaque", "[io]") {
    for (const std::string_view made :
         {"ca.b\nC\n)R", "ca.b\nC\n)\x81", "ca.b\nC\n)}\x92", "(ia.b\nC\n", "(ca.b\nC\no", "(K\x01ia.b\nC\n", "(ca.b\nC\nK\x01o", "ccopy_reg\n_reconstructor\n(ca.b\nC\ncbuiltins\nobject\nNtR"}) {
        pickle p;
        p.raw("}(").text("it").raw(made).raw("q\x05(K\x01K\x02"
                                            "e(").text("key").raw("h\x05u}(").text("self").raw("h\x05ub").text("w");
        p.tensor("FloatStorage", "0", 1, 0, {1}, {1}).raw("u");
        const auto checkpoint = open_pickle(p, {{"0", floats({7})}});
        CHECK(checkpoint.root().find("it")->class_name() == "a.b.C");
        CHECK(checkpoint.state_dict().size() == 1);
    }
}

TEST_CASE("NumPy's scalars and arrays are data, by the names of NumPy 1 and 2", "[io]") {
    for (const std::string core : {"numpy.core", "numpy._core"}) {
        const auto type = [&](pickle& p, std::string_view code, std::string_view order) -> pickle& {
            p.raw("cnumpy\ndtype\n(").text(code).raw("\x89\x88tR(K\x03").text(order).raw("NNN");
            return p.integer(-1).integer(-1).raw("K\x00tb"sv);
        };
        const auto encoded = [](pickle& p, std::string_view latin1) -> pickle& {
            return p.raw("c_codecs\nencode\n(").text(latin1).text("latin1").raw("tR");
        };
        pickle p;
        p.raw("}(").text("lr").raw("c" + core + ".multiarray\nscalar\n(");
        encoded(type(p, "f8", "<"), std::string_view{"\0\0\0\0\0\0\xc3\xa0?", 9}).raw("tR"); // 0.5
        p.text("step").raw("c" + core + ".multiarray\nscalar\n(");
        type(p, "i4", ">").raw(std::string_view{"C\x04\xff\xff\xff\xfe", 6}).raw("tR");
        p.text("best").raw("c" + core + ".multiarray\nscalar\n(");
        type(p, "b1", "|").raw("C\x01\x01tR");
        p.text("wide").raw("c" + core + ".multiarray\nscalar\n(");
        type(p, "u8", "<").raw("C\x08\xff\xff\xff\xff\xff\xff\xff\xfftR");
        p.text("word").raw("c" + core + ".multiarray\nscalar\n(");
        type(p, "U1", "<").raw(std::string_view{"C\x04\x61\0\0\0", 6}).raw("tR");
        p.text("phase").raw("c" + core + ".multiarray\nscalar\n(");
        type(p, "c8", "<").raw(std::string_view{"C\x08\0\0\0\0\0\0\0\0", 10}).raw("tR");
        const auto array = [&](std::string_view name) -> pickle& {
            return p.text(name).raw("c" + core + ".multiarray\n_reconstruct\n(cnumpy\nndarray\n").tuple({0}).raw("C\x01"
                                                                                                           "btR(K\x01");
        };
        type(array("rows").tuple({2, 2}), "i2", ">").raw("\x89");
        p.raw(std::string_view{"C\x08\0\1\0\2\0\3\xff\xff", 10}).raw("tb");
        type(array("columns").tuple({2, 2}), "u1", "|").raw("\x88"
                                                           "C\x04\x01\x02\x03\x04tb");
        type(array("objects").tuple({1}), "O8", "|").raw("\x89](Netb");
        p.text("buffer").raw("c" + core + ".numeric\n_frombuffer\n(").raw(std::string_view{"\x96\x08\0\0\0\0\0\0\0\0\0\x80?\0\0\0@", 17});
        type(p, "f4", "<").tuple({2}).text("C").raw("tRu");
        const auto checkpoint = open_pickle(p);
        const auto& root = checkpoint.root();
        CHECK(root.find("lr")->real() == 0.5);
        CHECK(root.find("step")->integer() == -2);
        CHECK(root.find("best")->boolean());
        CHECK(root.find("wide")->text() == std::string(8, '\xff') + '\0');
        CHECK(root.find("word")->class_name() == "numpy.core.multiarray.scalar of type U1");
        CHECK_THROWS_WITH(root.find("phase")->real(), Catch::Contains("c8"));
        CHECK(checkpoint.tensor(*root.find("rows")).to<int>() == std::vector<int>{1, 2, 3, -1});
        CHECK(checkpoint.tensor(*root.find("columns")).to<int>() == std::vector<int>{1, 3, 2, 4});
        CHECK(checkpoint.tensor(*root.find("buffer")).to<float>() == std::vector<float>{1, 2});
        CHECK(refuses([&] { return checkpoint.state_dict().at("objects"); }, {"a.pt, tensor objects", "numpy.ndarray of type O8"}));
        CHECK(checkpoint.state_dict().size() == 3);
    }
    pickle cut;
    cut.raw("cnumpy.core.numeric\n_frombuffer\n(C\x03"
            "abccnumpy\ndtype\n").text("f4").raw("\x85R").tuple({1}).raw("tR");
    CHECK(refuses([&] { open_pickle(cut); }, {"shape [1] of f32", "3 bytes"}));
}

TEST_CASE("counters, queues and namespaces are data", "[io]") {
    pickle p;
    p.raw("}(").text("counts").raw("ccollections\nCounter\n}(").text("cat").raw("K\x03u\x85R");
    p.text("queue").raw("ccollections\ndeque\n)K\x05\x86R(K\x01K\x02"
                        "e");
    p.text("space").raw("ctypes\nSimpleNamespace\n)R}(").text("a").raw("K\x07ub");
    p.text("missing").raw("ccollections\ndefaultdict\ncbuiltins\nlist\n\x85R(").text("k").raw("]uu");
    const auto checkpoint = open_pickle(p);
    const auto& root = checkpoint.root();
    CHECK(root.find("counts")->find("cat")->integer() == 3);
    CHECK(root.find("queue")->items()[1].integer() == 2);
    CHECK(root.find("space")->find("a")->integer() == 7);
    CHECK(root.find("missing")->find("k")->items().empty());
}

TEST_CASE("pickles of protocols 3 to 5 are read, in both formats", "[io]") {
    const auto of_protocol = [](int protocol) {
        pickle p;
        if (protocol >= 4) p.raw(std::string_view{"\x95\xff\0\0\0\0\0\0\0", 9});
        p.raw("}\x94(");
        if (protocol >= 4) p.raw("\x8c\x01w\x94");
        else p.text("w");
        p.tensor("FloatStorage", "0", 2, 0, {2}, {1});
        p.text("raw").raw("C\x02\xff\x01").text("set").raw(protocol >= 4 ? "\x8f(K\x01\x90" : "](K\x01"
                                                                                              "e");
        if (protocol >= 4) p.text("long").raw(std::string_view{"\x8e\x02\0\0\0\0\0\0\0ab", 11});
        if (protocol == 5) p.text("array").raw(std::string_view{"\x96\x02\0\0\0\0\0\0\0cd", 11});
        auto out = p.raw("u").stop();
        out[1] = static_cast<unsigned char>(protocol);
        return out;
    };
    for (const int protocol : {2, 3, 4, 5}) {
        const auto data = floats({1, 2});
        auto legacy = legacy_checkpoint(of_protocol(protocol), {{"0", data}}, 4);
        if (protocol >= 4) { // the magic number gets a frame
            const std::string_view frame{"\x95\x0d\0\0\0\0\0\0\0", 9};
            legacy.insert(legacy.begin() + 2, frame.begin(), frame.end());
        }
        legacy[1] = static_cast<unsigned char>(protocol);
        for (const auto& content : {zip_checkpoint(of_protocol(protocol), {{"0", data}}), legacy}) {
            const auto checkpoint = open(content);
            CHECK(io::parse_tensors({"a.pt", content}).at("w").to<float>() == std::vector<float>{1, 2});
            CHECK(checkpoint.root().find("raw")->text() == "\xff\x01");
            CHECK(checkpoint.root().find("set")->items()[0].integer() == 1);
            if (protocol >= 4) CHECK(checkpoint.root().find("long")->text() == "ab");
            if (protocol == 5) CHECK(checkpoint.root().find("array")->text() == "cd");
        }
    }
    CHECK(refuses([&] { open(pickle{}.raw("K\x01").stop()); }, {"a.pt, byte 0", "legacy pickle format", "another pickle"}));
}

TEST_CASE("what PyTorch has not applied to a tensor yet is applied or refused by name", "[io]") {
    const auto with = [](std::string_view type, std::string_view metadata, io::byte_vector data, int count) {
        pickle p;
        p.raw("}(").text("a").raw("ctorch._utils\n_rebuild_tensor_v2\n(").storage(type, "0", count).integer(0).tuple({count}).tuple({1});
        p.raw("\x89").raw("ccollections\nOrderedDict\n)R").raw(metadata).raw("tR");
        // The same as a parameter that was copied from another device.
        p.text("b").raw("ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_device_tensor_from_cpu_tensor\n(");
        p.raw("ctorch._utils\n_rebuild_tensor_v3\n(").storage(type, "0", count).integer(0).tuple({count}).tuple({1});
        p.raw("\x89").raw("ccollections\nOrderedDict\n)R").raw("ctorch\n").raw(type == "FloatStorage" ? "float32\n" : "int16\n").raw(metadata).raw("tR");
        p.raw("ctorch\n").raw(type == "FloatStorage" ? "float32\n" : "int16\n").text("xla:0").raw("\x89tR\x89").raw("ccollections\nOrderedDict\n)RtRu");
        return open_pickle(p, {{"0", std::move(data)}});
    };
    const std::string neg = "}(X\x03" + std::string(3, '\0') + "neg\x88u", plain = "}(X\x03" + std::string(3, '\0') + "neg\x89u";
    const std::string conj = "}(X\x04" + std::string(3, '\0') + "conj\x88u", other = "}(X\x05" + std::string(3, '\0') + "scale\x88u";
    const auto negative = with("FloatStorage", neg, floats({1, -2, 0}), 3).state_dict();
    for (const auto* name : {"a", "b"}) {
        CHECK(negative.at(name).to<float>() == std::vector<float>{-1, 2, 0});
        CHECK(std::signbit(negative.at(name).to<float>()[2]));
    }
    CHECK(with("ShortStorage", neg, {1, 0, 0, 0xff, 0, 0x80}, 3).state_dict().at("b").to<int>() == std::vector<int>{-1, 256, -32768});
    for (const auto& metadata : {plain, conj, std::string{"}"}, std::string{"N"}})
        CHECK(with("FloatStorage", metadata, floats({1, -2}), 2).state_dict().at("b").to<float>() == std::vector<float>{1, -2});
    for (const auto* name : {"a", "b"}) {
        CHECK(refuses([&] { return with("FloatStorage", other, floats({1}), 1).state_dict(); }, {"a.pt, a: expected tensors", "metadata 'scale'"}));
        CHECK(refuses([&] { return with("FloatStorage", "K\x01", floats({1}), 1).tensors_below(
                                       with("FloatStorage", "K\x01", floats({1}), 1).root()).at(name); }, {"metadata"}));
    }
}

TEST_CASE("tensors of kinds that are not read are refused by name, and only where they are asked for", "[io]") {
    const auto beside = [](auto&& write, bool legacy) {
        pickle p;
        p.raw("}(").text("odd");
        write(p);
        p.text("w").tensor("FloatStorage", "1", 1, 0, {1}, {1}).raw("u");
        const std::vector<storage_file> files{{"0", io::byte_vector(8)}, {"1", floats({7})}};
        if (!legacy) return open_pickle(p, files);
        auto content = legacy_checkpoint(p.stop(), {}, 4);
        content.resize(content.size() - 6); // the empty list of keys
        const auto add = [&](const io::byte_vector& more) { content.insert(content.end(), more.begin(), more.end()); };
        add(pickle{}.raw("](").text("0").text("1").raw("e").stop());
        add({1, 0, 0, 0, 0, 0, 0, 0});
        add(files[0].data);
        add({1, 0, 0, 0, 0, 0, 0, 0});
        add(files[1].data);
        return open(content);
    };
    const auto complex = [](pickle& p) { p.tensor("ComplexFloatStorage", "0", 1, 0, {1}, {1}); };
    const auto eight = [](pickle& p) {
        p.raw("ctorch._utils\n_rebuild_tensor_v3\n(").storage("FloatStorage", "0", 1).integer(0).tuple({1}).tuple({1});
        p.raw("\x89").raw("ccollections\nOrderedDict\n)Rctorch\nfloat8_e4m3fn\ntR");
    };
    const auto sparse = [](pickle& p) { p.raw("ctorch._utils\n_rebuild_sparse_tensor\n(ctorch\nsparse_coo\nNtR"); };
    const auto subclass = [](pickle& p) {
        p.raw("ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\ncmylib\nDoubled\n(");
        p.storage("FloatStorage", "0", 1).integer(0).tuple({1}).tuple({1}).raw("\x89Nt}tR");
    };
    const auto check = [](const io::torch_checkpoint& checkpoint, std::string_view what) {
        const auto weights = checkpoint.state_dict();
        CHECK(weights.at("w").to<float>() == std::vector<float>{7});
        CHECK(weights.find("odd") == nullptr);
        REQUIRE(weights.unread().size() == 1);
        CHECK(refuses([&] { return weights.at("odd"); }, {"a.pt, tensor odd: expected elements that can be read", what}));
        CHECK(refuses([&] { return checkpoint.state_shapes().at("odd"); }, {"a.pt, tensor odd", what}));
    };
    check(beside(complex, false), "torch.ComplexFloatStorage");
    check(beside(complex, true), "torch.ComplexFloatStorage");
    check(beside(eight, false), "torch.float8_e4m3fn");
    check(beside(sparse, false), "torch._utils._rebuild_sparse_tensor");
    check(beside(subclass, false), "mylib.Doubled");
}

TEST_CASE("tensors outside of their storages, and storages of another size, are refused", "[io]") {
    const auto with = [](std::initializer_list<int> shape, std::initializer_list<int> strides, int offset, std::size_t data = 4) {
        pickle p;
        p.raw("}(").text("a").tensor("FloatStorage", "0", 4, offset, shape, strides).raw("u");
        return zip_checkpoint(p.stop(), {{"0", io::byte_vector(data * 4)}});
    };
    CHECK_NOTHROW(read_all(with({2, 2}, {2, 1}, 0)));
    CHECK(refuses([&] { read_all(with({2, 2}, {2, 1}, 1)); }, {"inside its storage of 4 elements", "shape [2, 2], strides [2, 1], offset 1"}));
    CHECK(refuses([&] { read_all(with({-2}, {1}, 0)); }, {"0 or more", "-2"}));
    CHECK(refuses([&] { read_all(with({2}, {-1}, 0)); }, {"0 or more"}));
    CHECK(refuses([&] { read_all(with({2}, {1, 1}, 0)); }, {"inside its storage"}));
    CHECK(refuses([&] { read_all(with({2147483647, 2147483647}, {0, 0}, 0)); }, {"inside its storage"}));
    CHECK(refuses([&] { read_all(with({2147483647}, {0}, 0)); }, {"tensors of at most", "for a file of this size"}));
    CHECK(refuses([&] { read_all(with({2, 2}, {2, 1}, 0, 3)); }, {"storage 0", "4 elements", "12 bytes"}));
    pickle missing;
    missing.raw("}(").text("a").tensor("FloatStorage", "7", 1, 0, {1}, {1}).raw("u");
    CHECK(refuses([&] { read_all(zip_checkpoint(missing.stop(), {})); }, {"net/data/7"}));
}

TEST_CASE("pickles that would grow without bound are refused", "[io]") {
    // Ten lists inside each other twice each: shared, so small in memory, but 2^30 values when walked.
    pickle wide;
    wide.raw(")q\x01");
    for (int i = 0; i < 30; ++i) wide.raw("0h\x01h\x01\x86q\x01");
    CHECK(refuses([&] { open_pickle(wide); }, {"at most 16777216 values"}));
    // A million values are few, but not with names of 100 KB each.
    pickle named;
    named.raw("}q\x01");
    for (int i = 0; i < 18; ++i) named.raw("0}(").text(std::string(5000, 'a')).raw("h\x01").text(std::string(5000, 'b')).raw("h\x01uq\x01");
    const auto long_names = open_pickle(named);
    CHECK(refuses([&] { static_cast<void>(long_names.tensors_below(long_names.root())); }, {"values whose paths take at most"}));
    CHECK(refuses([&] { static_cast<void>(long_names.shapes_below(long_names.root())); }, {"values whose paths take at most"}));
    pickle deep;
    for (int i = 0; i < 300; ++i) deep.raw("]");
    for (int i = 0; i < 299; ++i) deep.raw("a");
    CHECK(refuses([&] { open_pickle(deep); }, {"at most 256 levels"}));
    pickle cycle;
    cycle.raw("]q\x01h\x01"
              "a");
    const auto changed = open_pickle(cycle);
    CHECK(changed.root().kind() == io::pickle_kind::opaque);
    CHECK_THROWS_WITH(changed.root().items(), Catch::Contains("changes after it became part of another"));
    pickle late;
    late.raw("]q\x01\x85q\x02h\x01h\x02"
             "a0");
    CHECK_THROWS_WITH(open_pickle(late).root().items()[0].items(), Catch::Contains("changes after it became part of another"));
    // A list of 1000, copied by a call of a few bytes, over and over.
    pickle copies;
    copies.raw("](");
    for (int i = 0; i < 1000; ++i) copies.raw("N");
    copies.raw("e\x85q\x01"
               "0");
    for (int i = 0; i < 1100; ++i) copies.raw("cbuiltins\nlist\nh\x01R0");
    CHECK(refuses([&] { open_pickle(copies.raw("N")); }, {"copy at most"}));
    pickle broadcast; // small storages, many large tensors
    broadcast.raw("](");
    for (int i = 0; i < 100; ++i) broadcast.tensor("FloatStorage", "0", 1, 0, {1000, 1000}, {0, 0});
    const auto large = zip_checkpoint(broadcast.raw("e").stop(), {{"0", floats({1})}});
    CHECK(refuses([&] { read_all(large); }, {"tensors of at most"}));
}

TEST_CASE("pickles whose stack does not fit are refused", "[io]") {
    for (const std::string_view code : {"",
                                        "a",
                                        "s",
                                        "R",
                                        "\x85",
                                        "\x86",
                                        "t",
                                        "u",
                                        "e",
                                        "0",
                                        "1",
                                        "2",
                                        "b",
                                        "Q",
                                        "h\x07",
                                        "q\x01",
                                        "NN",
                                        "(",
                                        "(N",
                                        "N(",
                                        "NR",
                                        "N(tR",
                                        "]N(Nu",
                                        "}(Nu",
                                        ")Q",
                                        "NQ",
                                        "Na",
                                        "K",
                                        "X\xff\xff\xff\x7f",
                                        "\x8b\xff\xff\xff\x7f",
                                        "NNb",
                                        "(0",
                                        "(N)\x86"
                                        "2",
                                        "I5x\n",
                                        "c\n",
                                        "cx"}) {
        pickle p;
        CHECK(refuses([&] { open_pickle(p.raw(code)); }, {"a.pt"}));
    }
    CHECK(refuses([] { open(zip_checkpoint(io::to_bytes("\x80\x06."), {})); }, {"protocol from 2 to 5"}));
}

TEST_CASE("files that are no checkpoints are told apart", "[io]") {
    CHECK(refuses([] { open(io::to_bytes("\x89PNG")); }, {"a.pt", "byte 0", "a checkpoint of PyTorch"}));
    CHECK(refuses([] { open({}); }, {"a.pt"}));
    io::zip_writer script;
    script.add("net/model.json", io::to_bytes("{}"), io::zip_writer::packing::stored);
    CHECK(refuses([&] { open(std::move(script).finish()); }, {"data.pkl", "model.json", "1.3"}));
    io::zip_writer two;
    two.add("a/data.pkl", pickle{}.raw("N").stop(), io::zip_writer::packing::stored);
    two.add("b/data.pkl", pickle{}.raw("N").stop(), io::zip_writer::packing::stored);
    CHECK(refuses([&] { open(std::move(two).finish()); }, {"one data.pkl"}));
    pickle none;
    CHECK(refuses([&] { read_all(zip_checkpoint(none.raw("}").stop(), {})); }, {"expected tensors, found none"}));
    CHECK(refuses([] { static_cast<void>(io::parse_tensors({"x", io::to_bytes("not a tensor file")})); }, {"x, byte 0", "npz or npy"}));
}

TEST_CASE("damaged checkpoints are refused or read, never worse", "[io]") {
    CHECK(survives_damage(io::to_torch(sample_tensors(false)), read_all, 3000) > 1000);
    // Inside of the pickle, where the checksum of the archive does not see it.
    pickle p;
    p.raw("}(").text("epoch").integer(3).text("state_dict").raw("ccollections\nOrderedDict\n)Rq\x01(").text("w");
    p.tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3}).text("b").tensor("FloatStorage", "0", 6, 4, {2}, {1}).raw("uu");
    const auto pickled = p.stop();
    const auto data = floats({0, 1, 2, 3, 4, 5});
    CHECK(survives_damage(pickled, [&](io::byte_vector damaged) { read_all(zip_checkpoint(damaged, {{"0", data}})); }, 6000) > 3000);
}
