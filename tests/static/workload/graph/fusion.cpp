#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>

namespace wl = verdant::workload;
using wl::fusion_class;
using wl::op_kind;

static_assert(wl::may_fuse(fusion_class::complex, fusion_class::activation) && !wl::may_fuse(fusion_class::complex, fusion_class::reduction));
static_assert(wl::may_fuse(fusion_class::injective, fusion_class::reduction) && !wl::may_fuse(fusion_class::injective, fusion_class::norm));
static_assert(!wl::may_fuse(fusion_class::activation, fusion_class::activation) && !wl::may_fuse(fusion_class::norm, fusion_class::injective));

constexpr wl::model chain() {
    wl::tracer t;
    t.begin_section("all");
    const auto x = t.input("x", {1, 4, 8});
    const auto h = t.linear("h", x, 16);
    const auto r = t.elementwise("r", op_kind::relu, {h});
    const auto n = t.elementwise("n", op_kind::neg, {r});
    (void)t.elementwise("s", op_kind::softmax, {n});
    return wl::fuse(t.result());
}
// relu and neg go into the linear layer; nothing takes a softmax in
static_assert(chain().operations.size() == 2);
static_assert(chain().operations[0].members.size() == 2 && chain().operations[0].members[1] == op_kind::neg);
static_assert(chain().operations[1].kind == op_kind::softmax && chain().operations[1].operands[0] == wl::shape{1, 4, 16});

constexpr wl::model two_users() {
    wl::tracer t;
    t.begin_section("all");
    const auto h = t.linear("h", t.input("x", {1, 4, 8}), 16);
    const auto r = t.elementwise("r", op_kind::relu, {h});
    (void)t.elementwise("a", op_kind::add, {r, h});
    return wl::fuse(t.result());
}
// a result that two operators read stays visible
static_assert(two_users().operations.size() == 3);

constexpr wl::model across_sections() {
    wl::tracer t;
    t.begin_section("first");
    const auto h = t.linear("h", t.input("x", {1, 4, 8}), 16);
    t.begin_section("second", 3);
    (void)t.elementwise("r", op_kind::relu, {h});
    return wl::fuse(t.result());
}
// edges between sections are not seen; sections of layers come first
static_assert(across_sections().operations.size() == 2 && across_sections().operations[0].kind == op_kind::relu);
static_assert(across_sections().operations[0].operands.empty() && across_sections().operations[0].saved[0] == wl::shape{1, 4, 16});
