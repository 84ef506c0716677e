#include "fuzz.hpp"

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/sharded_weights.hpp>

#include <string>
#include <vector>

// An index of sharded weights; each of its files holds the same two tensors.
VERDANT_FUZZ_TARGET(weights_index) {
    const fuzz::file index{data};
    const auto folder = index.path().substr(0, index.path().rfind('/') + 1);
    const auto shard = [&folder](const std::string& path) {
        fuzz::require(path.starts_with(folder) && path.find('/', folder.size()) == std::string::npos, "a shard is beside its index");
        verdant::io::named_tensors out{path};
        for (const auto* const name : {"a", "b"}) out.add(name, verdant::io::tensor_data::of<float>({1}, std::vector<float>{1}));
        return out;
    };
    const auto all = verdant::io::read_sharded(index.path(), shard);
    fuzz::require(all.size() <= 2, "no tensor is read twice");
}
