#include <verdant/surrogate/perceptron/mlp.hpp>

#include "catch.hpp"

#include <verdant/random/stream.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;
using surrogate::dense_layer;
using surrogate::mlp;

namespace {

std::vector<float> numbers(std::size_t n, std::uint64_t seed) {
    random_stream random{seed};
    std::vector<float> out(n);
    for (auto& x : out) x = static_cast<float>(random.uniform(-1, 1));
    return out;
}

io::tensor_data matrix(std::uint64_t rows, std::uint64_t columns, std::uint64_t seed) {
    return io::tensor_data::of<float>({rows, columns}, numbers(rows * columns, seed));
}

/// 5 inputs, layers of 7 and 3, one output.
io::named_tensors small() {
    io::named_tensors t{"small.pt"};
    // Not in order: the numbers in the names decide.
    t.add("layers.10.weight", matrix(1, 3, 3));
    t.add("layers.2.0.weight", matrix(3, 7, 2));
    t.add("layers.2.0.bias", io::tensor_data::of<float>({3}, numbers(3, 5)));
    t.add("layers.0.0.weight", matrix(7, 5, 1));
    t.add("layers.0.0.bias", io::tensor_data::of<float>({7}, numbers(7, 4)));
    t.add("base_acc", io::tensor_data::of<float>({1}, std::vector<float>{0.7F}));
    return t;
}

std::vector<double> naive(const std::vector<float>& w, const std::vector<float>& b, const std::vector<double>& x, bool rectified) {
    std::vector<double> y(w.size() / x.size());
    for (std::size_t o = 0; o < y.size(); ++o) {
        y[o] = b.empty() ? 0 : static_cast<double>(b[o]);
        for (std::size_t i = 0; i < x.size(); ++i) y[o] += static_cast<double>(w[o * x.size() + i]) * x[i];
        if (rectified && y[o] < 0) y[o] = 0;
    }
    return y;
}

} // namespace

TEST_CASE("A perceptron computes its layers, in the order of the numbers in their names", "[surrogate]") {
    const auto net = mlp::from(small());
    REQUIRE(net.inputs() == 5);
    const auto x = numbers(5 * 20, 8);
    const auto found = net.predict(x);
    REQUIRE(found.size() == 20);
    for (std::size_t r = 0; r < 20; ++r) {
        std::vector<double> row(x.begin() + static_cast<std::ptrdiff_t>(5 * r), x.begin() + static_cast<std::ptrdiff_t>(5 * r + 5));
        const auto first = naive(numbers(35, 1), numbers(7, 4), row, true), second = naive(numbers(21, 2), numbers(3, 5), first, true);
        CHECK(static_cast<double>(found[r]) == Approx(naive(numbers(3, 3), {}, second, false)[0] + 0.7).margin(1e-5));
    }
}

TEST_CASE("What is predicted for a row does not depend on the others, bit for bit", "[surrogate]") {
    const std::size_t inputs = 124, hidden = 40;
    std::vector<dense_layer> layers;
    layers.emplace_back(inputs, hidden, numbers(inputs * hidden, 1), numbers(hidden, 2), surrogate::dense_output::rectified);
    layers.emplace_back(hidden, 1, numbers(hidden, 3), std::span<const float>{}, surrogate::dense_output::linear);
    const mlp net{std::move(layers), 0.5F};
    const auto x = numbers(inputs * 201, 4);
    mlp::workspace room;
    std::vector<float> all(201);
    net.predict(x, all, room);
    for (std::size_t n : {1U, 2U, 5U, 6U, 7U, 97U}) {
        std::vector<float> some(n);
        net.predict(std::span{x}.subspan(inputs * (201 - n)), some, room);
        for (std::size_t i = 0; i < n; ++i) REQUIRE(some[i] == all[201 - n + i]);
    }
    CHECK(net.predict({}).empty());
}

TEST_CASE("Both ways to multiply agree, and leave nothing beyond the outputs", "[surrogate]") {
    for (const std::size_t outputs : {1U, 15U, 16U, 17U, 40U})
        for (std::size_t rows = 1; rows <= 13; ++rows) {
            const std::size_t inputs = 31;
            const dense_layer layer{inputs, outputs, numbers(inputs * outputs, 1), numbers(outputs, 2), surrogate::dense_output::rectified};
            const auto x = numbers(inputs * rows, 3);
            std::vector<float> portable(rows * layer.stride(), 9), chosen(rows * layer.stride(), 9);
            layer.apply(x.data(), inputs, rows, portable.data(), false);
            layer.apply(x.data(), inputs, rows, chosen.data());
            for (std::size_t i = 0; i < portable.size(); ++i) {
                REQUIRE(chosen[i] == Approx(portable[i]).margin(1e-5));
                REQUIRE(chosen[i] >= 0);
                if (i % layer.stride() >= outputs) REQUIRE(chosen[i] == 0);
            }
        }
}

TEST_CASE("Checkpoints that are no perceptron are refused by name", "[surrogate]") {
    const auto refused = [](const io::named_tensors& t, const std::string& text) {
        try {
            static_cast<void>(mlp::from(t));
            FAIL("accepted");
        } catch (const input_error& e) {
            CHECK(std::string{e.what()}.find(text) != std::string::npos);
            CHECK(e.source() == "small.pt");
        }
    };
    const auto with = [](const std::string& name, io::tensor_data value) {
        io::named_tensors changed{"small.pt"};
        bool replaced = false;
        for (const auto& [n, v] : small()) {
            changed.add(n, n == name ? value : v);
            replaced = replaced || n == name;
        }
        if (!replaced) changed.add(name, std::move(value));
        return changed;
    };
    refused(io::named_tensors{"small.pt"}, "names of tensors");
    refused(with("extra", matrix(1, 1, 1)), "names of tensors");
    refused(with("layers.2.0.weight", matrix(3, 6, 2)), "tensor layers.2.0.weight: expected [3, 7], found [3, 6]");
    refused(with("layers.10.weight", matrix(2, 3, 2)), "tensor layers.10.weight: expected [1, 3], found [2, 3]");
    refused(with("layers.0.0.bias", matrix(7, 1, 2)), "tensor layers.0.0.bias: expected [7], found [7, 1]");
    refused(with("layers.0.0.weight", io::tensor_data::of<float>({35}, numbers(35, 1))), "a matrix");
    io::named_tensors unbiased{"small.pt"};
    for (const auto& [name, value] : small())
        if (name != "layers.2.0.bias") unbiased.add(name, value);
    refused(unbiased, "expected a tensor named layers.2.0.bias, as other layers have one, found none");
    refused(with("base_acc", io::tensor_data::of<float>({2}, numbers(2, 1))), "one number");
    const auto net = mlp::from(small());
    std::vector<float> out(2);
    mlp::workspace room;
    CHECK_THROWS_AS(net.predict(numbers(9, 1), out, room), input_error);
    CHECK_THROWS_AS(dense_layer(3, 2, numbers(5, 1), {}, surrogate::dense_output::rectified), input_error);
    CHECK_THROWS_AS(mlp(std::vector<dense_layer>{}), input_error);
}
