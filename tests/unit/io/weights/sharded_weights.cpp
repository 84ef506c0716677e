#include "unit/io/folder.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/weights/sharded_weights.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

namespace io = verdant::io;

TEST_CASE("weights that are spread over files are read through their index", "[io]") {
    const scratch_folder folder;
    const auto number = [](float x) { return io::tensor_data::of<float>({1}, std::vector<float>{x}); };
    io::named_tensors first, second;
    first.add("a", number(1));
    first.add("b", number(2));
    second.add("c", number(3));
    io::write_safetensors(folder.file("model-00001-of-00002.safetensors"), first);
    io::write_safetensors(folder.file("model-00002-of-00002.safetensors"), second);
    const auto index = folder.file("model.safetensors.index.json");
    const auto outcome = [&](const std::string& text) -> std::string {
        io::write_file(index, text);
        try {
            std::string out;
            for (const auto& [name, value] : io::read_sharded(index)) out += name + " ";
            return out;
        } catch (const verdant::error& e) { return e.what(); }
    };
    const std::string one = R"("model-00001-of-00002.safetensors")", two = R"("model-00002-of-00002.safetensors")";
    const auto map = [](const std::string& members) { return R"({"metadata": {"total_size": 12}, "weight_map": {)" + members + "}}"; };
    CHECK(outcome(map("\"c\": " + two + ", \"b\": " + one + ", \"a\": " + one)) == "a b c ");
    CHECK(io::read_sharded(index).at("c").to<float>() == std::vector<float>{3});
    CHECK(outcome(map("\"a\": " + one + ", \"b\": " + one + ", \"d\": " + two)).find("expected a tensor named d, as ") != std::string::npos);
    CHECK(outcome(map("\"a\": " + one)).find("tensor b: expected only the tensors that ") != std::string::npos);
    CHECK(outcome(map(R"("a": "model-00003-of-00003.safetensors")")).find("model-00003-of-00003.safetensors") != std::string::npos);
    CHECK(outcome(map(R"("a": "../secret")")).find("weight_map, a: expected a file beside the index, found \"../secret\"") != std::string::npos);
    CHECK(outcome(map(R"("a": 1)")).find("expected the name of a file, found 1") != std::string::npos);
    CHECK(outcome("{}").find("weight_map: expected an object of names of tensors and files, found none") != std::string::npos);
    CHECK(outcome(map("\"a\": " + one + ", \"a\": " + one)).find("\"a\" twice") != std::string::npos);
    CHECK(io::is_weights_index(index));
    CHECK_FALSE(io::is_weights_index("model.safetensors"));
}
