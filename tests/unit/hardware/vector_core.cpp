#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/vector_core.hpp>

#include <string>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;
using wl::op_kind;

namespace {

wl::operation op(op_kind kind, wl::shape output, std::initializer_list<wl::shape> operands) {
    wl::operation o;
    o.kind = kind;
    o.output = output;
    for (const auto& s : operands) {
        o.operands.push_back(s);
        o.saved.push_back(s);
    }
    return o;
}

const hw::vector_unit unit = hw::vector_unit_of(hw::from_clusters(2, 64, 16, 256, 64, 4));

hw::op_cost cost(const wl::operation& o) { return hw::vector_cost(hw::vector_task_of(o), unit); }

} // namespace

TEST_CASE("an operator takes its PE cycles for every row of PEs that its output fills", "[hardware]") {
    CHECK(unit.elements == 128);
    CHECK(cost(op(op_kind::relu, {1, 128}, {{1, 128}})).cycles == 1);
    CHECK(cost(op(op_kind::relu, {1, 129}, {{1, 129}})).cycles == 2);
    CHECK(cost(op(op_kind::sigmoid, {1, 129}, {{1, 129}})).cycles == 24);
    CHECK(cost(op(op_kind::div, {1, 128}, {{1, 128}})).cycles == 10);
}

TEST_CASE("what is fused counts, the head does not", "[hardware]") {
    auto o = op(op_kind::pow, {1, 512}, {{1, 512}});
    const double alone = cost(o).cycles;
    o.members.push_back(op_kind::sum);
    CHECK(cost(o).cycles == 0);
    o.members.push_back(op_kind::pow);
    CHECK(cost(o).cycles == alone);
}

TEST_CASE("two operands cost more energy than one, the order of unequal ones matters for sub but not for add", "[hardware]") {
    const wl::shape large{8, 64}, small{1, 64};
    CHECK(cost(op(op_kind::add, large, {large, large})).energy_picojoules > cost(op(op_kind::add, large, {large})).energy_picojoules);
    CHECK(cost(op(op_kind::add, large, {large, small})).energy_picojoules == cost(op(op_kind::add, large, {small, large})).energy_picojoules);
    CHECK(cost(op(op_kind::sub, large, {large, small})).energy_picojoules < cost(op(op_kind::sub, large, {small, large})).energy_picojoules);
}

TEST_CASE("a product with a scalar is one-operand", "[hardware]") {
    const wl::shape x{8, 64};
    CHECK(cost(op(op_kind::mul, x, {x, {}})).energy_picojoules == cost(op(op_kind::mul, x, {x})).energy_picojoules);
    CHECK(cost(op(op_kind::add, x, {x, {}})).energy_picojoules > cost(op(op_kind::add, x, {x})).energy_picojoules);
}

TEST_CASE("operators without a vector model are refused by name", "[hardware]") {
    for (const auto kind : {op_kind::silu, op_kind::addcmul, op_kind::batch_norm, op_kind::nll_loss, op_kind::linear, op_kind::view}) {
        try {
            (void)hw::vector_task_of(op(kind, {1, 8}, {{1, 8}}));
            FAIL("accepted");
        } catch (const verdant::error& e) {
            CHECK(std::string{e.what()}.find(std::string{wl::name(kind)}) != std::string::npos);
        }
    }
}
