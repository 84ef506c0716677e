#pragma once

#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>

#include <cstddef>

/// The settings of surrogates as spaces: the ranges in which Accel-NASBench searches them (configs/model_configs), named as the options of the fits.
/// Numbers that it draws are steps here.
namespace verdant::tabular {

/// Of boosted trees.
struct boosting_space
    : space<param<"depth", range<1, 20>>, param<"least_weight", log_range<1.0, 100.0, 21>>, param<"columns_of_tree", uniform<0.05, 1.0, 20>>,
            param<"columns_of_level", uniform<0.05, 1.0, 20>>, param<"l2", log_range<1e-3, 1e3, 25>>, param<"l1", log_range<1e-3, 1e3, 25>>, param<"rate", log_range<1e-3, 0.1, 21>>> {};

/// Of random forests and extra trees.
struct forest_space : space<param<"trees", choices<16, 22, 32, 45, 64, 90, 128>>, param<"least_split", range<2, 20>>, param<"least_leaf", range<1, 20>>,
                            param<"columns_of_split", uniform<0.1, 1.0, 19>>, param<"bootstrap", choices<true, false>>> {};

/// Of support vectors with either loss: `epsilon` is of one, `nu` of the other.
struct support_vector_space
    : space<param<"cost", log_range<1.0, 20.0, 21>>, param<"offset", uniform<-0.5, 0.5, 21>>, param<"degree", choices<1, 2, 3, 4, 6, 8, 16, 32, 64, 128>>,
            param<"epsilon", log_range<0.01, 0.99, 21>>, param<"nu", uniform<0.05, 1.0, 20>>, param<"gamma", choices<surrogate::gamma_rule::scale, surrogate::gamma_rule::automatic>>,
            param<"kernel", choices<surrogate::kernel_kind::linear, surrogate::kernel_kind::rbf, surrogate::kernel_kind::polynomial, surrogate::kernel_kind::sigmoid>>,
            param<"shrinking", choices<true, false>>, param<"tolerance", log_range<1e-4, 1e-2, 9>>> {};

/// Of natural gradient boosting.
struct distributional_space : space<param<"least_split", range<2, 20>>, param<"least_leaf", range<1, 20>>, param<"columns_of_split", uniform<0.1, 1.0, 19>>, param<"depth", range<1, 25>>,
                                    param<"rounds", choices<128, 181, 256, 362, 512>>, param<"rows_of_tree", uniform<0.1, 1.0, 19>>, param<"rate", log_range<1e-3, 0.1, 21>>> {};

/// Options with the settings of a point; what spaces do not name stays as it is.
[[nodiscard]] inline surrogate::boosting_options options_at(const point<boosting_space>& p, surrogate::boosting_options o = {}) {
    o.depth = static_cast<std::size_t>(p.get<"depth">());
    o.least_weight = p.get<"least_weight">();
    o.columns_of_tree = p.get<"columns_of_tree">();
    o.columns_of_level = p.get<"columns_of_level">();
    o.l2 = p.get<"l2">();
    o.l1 = p.get<"l1">();
    o.rate = p.get<"rate">();
    return o;
}
[[nodiscard]] inline surrogate::forest_options options_at(const point<forest_space>& p, surrogate::forest_options o = {}) {
    o.trees = static_cast<std::size_t>(p.get<"trees">());
    o.tree.least_split = static_cast<std::size_t>(p.get<"least_split">());
    o.tree.least_leaf = static_cast<std::size_t>(p.get<"least_leaf">());
    o.tree.columns_of_split = p.get<"columns_of_split">();
    o.bootstrap = p.get<"bootstrap">();
    return o;
}
[[nodiscard]] inline surrogate::support_vector_options options_at(const point<support_vector_space>& p, surrogate::support_vector_options o = {}) {
    o.cost = p.get<"cost">();
    o.kernel.offset = p.get<"offset">();
    o.kernel.degree = static_cast<std::size_t>(p.get<"degree">());
    o.epsilon = p.get<"epsilon">();
    o.nu = p.get<"nu">();
    o.gamma = p.get<"gamma">();
    o.kernel.kind = p.get<"kernel">();
    o.shrinking = p.get<"shrinking">();
    o.tolerance = p.get<"tolerance">();
    return o;
}
[[nodiscard]] inline surrogate::distributional_options options_at(const point<distributional_space>& p, surrogate::distributional_options o = {}) {
    o.tree.least_split = static_cast<std::size_t>(p.get<"least_split">());
    o.tree.least_leaf = static_cast<std::size_t>(p.get<"least_leaf">());
    o.tree.columns_of_split = p.get<"columns_of_split">();
    o.tree.depth = static_cast<std::size_t>(p.get<"depth">());
    o.rounds = static_cast<std::size_t>(p.get<"rounds">());
    o.rows_of_tree = p.get<"rows_of_tree">();
    o.rate = p.get<"rate">();
    return o;
}

} // namespace verdant::tabular
