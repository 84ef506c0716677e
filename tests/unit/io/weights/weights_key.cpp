#include "unit/io/folder.hpp"

#include <verdant/io/archive/zip_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/io/weights/weights_key.hpp>

#include "catch.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace io = verdant::io;

namespace {

/// The root of a checkpoint, in a notation of its own: names, `{`, `}`, and `=` for a tensor of one element, which holds its number from 0.
io::torch_checkpoint checkpoint(const std::vector<std::string_view>& words) {
    io::byte_vector p;
    std::vector<float> values;
    const auto raw = [&p](std::string_view code) { p.insert(p.end(), code.begin(), code.end()); };
    const auto text = [&](std::string_view t) {
        raw("X");
        io::append_little<std::uint32_t>(p, static_cast<std::uint32_t>(t.size()));
        raw(t);
    };
    raw("\x80\x02");
    for (const auto word : words) {
        if (word == "{") raw("}(");
        else if (word == "!") raw("q\x01"); // remembers what was built last, for `?`
        else if (word == "?") raw("h\x01");
        else if (word == "}") raw("u");
        else if (word == "#") raw({"K\x07", 2}); // the number 7, as a key or a value
        else if (word == "=") {
            raw("ctorch._utils\n_rebuild_tensor_v2\n((");
            text("storage");
            raw("ctorch\nFloatStorage\n");
            text(std::to_string(values.size()));
            text("cpu");
            raw({"K\x01tQK\x00(K\x01t(K\x01t\x89", 15});
            raw("ccollections\nOrderedDict\n)RtR");
            values.push_back(static_cast<float>(values.size()));
        } else text(word);
    }
    raw(".");
    io::zip_writer writer;
    writer.add("net/data.pkl", p, io::zip_writer::packing::stored);
    for (std::size_t i = 0; i < values.size(); ++i) {
        io::byte_vector bytes(4);
        std::memcpy(bytes.data(), &values[i], 4);
        writer.add("net/data/" + std::to_string(i), bytes, io::zip_writer::packing::stored, 64);
    }
    return io::torch_checkpoint{io::byte_source{"a.pt", std::move(writer).finish()}};
}

std::string outcome(const io::torch_checkpoint& file, std::string_view key = {}) {
    try {
        std::string out;
        for (const auto& [name, value] : io::weights_of(file, key)) out += name + " " + std::to_string(static_cast<int>(value.to<float>().at(0))) + ";";
        return out;
    } catch (const verdant::input_error& e) { return e.what(); }
}

} // namespace

TEST_CASE("one of several sets of weights in a checkpoint is chosen by its key", "[io]") {
    const auto both = checkpoint({"{", "epoch", "#", "model", "{", "a", "=", "b", "=", "}", "model_ema", "{", "a", "=", "b", "=", "}", "optimizer", "{",
                                  "state", "{", "#", "{", "exp_avg", "=", "}", "}", "}", "}"});
    CHECK(outcome(both) == "verdant: a.pt: expected one set of weights, or the key of one of them, found several, below model, model_ema");
    CHECK(outcome(both, "model") == "a 0;b 1;");
    CHECK(outcome(both, "model_ema") == "a 2;b 3;");
    CHECK(outcome(both, "model_em") ==
          "verdant: a.pt: expected one of the keys of weights model, model_ema, found 'model_em'; did you mean 'model_ema'?");
    CHECK(outcome(both, "epoch").starts_with("verdant: a.pt: expected one of the keys of weights model, model_ema, found 'epoch'"));

    // One set under two names is one set, whichever of them is asked for.
    const auto shared = checkpoint({"{", "model", "{", "a", "=", "}", "!", "ema", "?", "}"});
    CHECK(outcome(shared) == "a 0;");
    CHECK(outcome(shared, "ema") == "a 0;");

    // The only set needs no key, wherever it is; `state_dict` is what other readers take, too.
    CHECK(outcome(checkpoint({"{", "model", "{", "a", "=", "}", "epoch", "#", "}"})) == "a 0;");
    CHECK(outcome(checkpoint({"{", "run", "{", "net", "{", "a", "=", "}", "}", "}"})) == "a 0;");
    CHECK(outcome(checkpoint({"{", "run", "{", "net", "{", "a", "=", "}", "ema", "{", "a", "=", "}", "}", "}"}), "run.ema") == "a 1;");
    const auto trained = checkpoint({"{", "state_dict", "{", "a", "=", "}", "ema", "{", "a", "=", "}", "}"});
    CHECK(outcome(trained) == "a 0;");
    CHECK(outcome(trained, "ema") == "a 1;");
    CHECK(outcome(trained, "state_dict") == "a 0;");
    CHECK(outcome(checkpoint({"{", "a", "=", "part", "{", "b", "=", "}", "}"})) == "a 0;part.b 1;");
}

TEST_CASE("a key of other files is what names begin with", "[io]") {
    const scratch_folder folder;
    io::named_tensors all;
    for (const auto* name : {"model.a", "model.b", "ema.a"}) all.add(name, io::tensor_data::of<float>({1}, std::vector<float>{1}));
    io::write_safetensors(folder.file("all.safetensors"), all);
    CHECK(io::read_weights(folder.file("all.safetensors")).size() == 3);
    CHECK(io::read_weights(folder.file("all.safetensors"), "ema").begin()->name == "a");
    CHECK_THROWS_WITH(io::read_weights(folder.file("all.safetensors"), "emb"), Catch::Contains("expected one of the keys of weights model, ema") &&
                                                                               Catch::Contains("found 'emb'; did you mean 'ema'?"));
    io::write_torch(folder.file("all.pt"), all, "teacher");
    CHECK(io::read_weights(folder.file("all.pt")).size() == 3);
    CHECK(io::read_weights(folder.file("all.pt"), "teacher").size() == 3);
}
