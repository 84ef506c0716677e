#include "damage.hpp"
#include "samples.hpp"

#include <verdant/io/tensor_file.hpp>
#include <verdant/io/torch_checkpoint.hpp>
#include <verdant/io/torch_writer.hpp>

#include <cstring>
#include <memory>

namespace io = verdant::io;

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

TEST_CASE("names outside the closed list are refused by name and nothing is run", "[io]") {
    for (const auto* name :
         {"os\nsystem\n", "builtins\neval\n", "__builtin__\ngetattr\n", "subprocess\nPopen\n", "numpy.core.multiarray\n_reconstruct\n",
          "torch.storage\n_load_from_bytes\n", "torch\nload\n", "models\nMyNet\n", "torch\nQInt8Storage\n"}) {
        pickle p;
        p.raw("c").raw(name).text("touch /tmp/never").raw("\x85R");
        std::string dotted = name;
        dotted.pop_back();
        dotted[dotted.find('\n')] = '.';
        CHECK(refuses([&] { open_pickle(p); },
                      {"a.pt", "entry net/data.pkl, byte", dotted.starts_with("__builtin__") ? "builtins.getattr" : dotted, "not run"}));
    }
    // Names that stand for types are no functions.
    pickle call;
    call.raw("ctorch\nFloatStorage\n)R");
    CHECK(refuses([&] { open_pickle(call); }, {"torch.FloatStorage", "called as data"}));
    for (const std::string_view opcode : {"i", "o", "P", "\x82", "\x92", "g", "p", "S", "V", "F", "L"}) {
        pickle p;
        p.raw("N").raw(opcode);
        CHECK(refuses([&] { open_pickle(p); }, {"opcode"}));
    }
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
    pickle deep;
    for (int i = 0; i < 300; ++i) deep.raw("]");
    for (int i = 0; i < 299; ++i) deep.raw("a");
    CHECK(refuses([&] { open_pickle(deep); }, {"at most 256 levels"}));
    pickle cycle;
    cycle.raw("]q\x01h\x01"
              "a");
    CHECK(refuses([&] { open_pickle(cycle); }, {"without cycles"}));
    pickle late;
    late.raw("]q\x01\x85q\x02h\x01h\x02"
             "a");
    CHECK(refuses([&] { open_pickle(late); }, {"without cycles"}));
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
    CHECK(refuses([] { open(zip_checkpoint(io::to_bytes("\x80\x05."), {})); }, {"protocol 2, 3 or 4"}));
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
