#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>

#include <cstddef>
#include <string_view>

/// How support vectors are fitted.
namespace verdant::surrogate {

/// What is minimised (Smola and Schoelkopf, 2004; Schoelkopf et al., "New support vector algorithms", Neural Computation 12, 2000).
enum class support_loss : unsigned char {
    epsilon, ///< errors beyond `epsilon`
    nu,      ///< the same, with an epsilon such that at most a share `nu` of the rows is beyond
};

/// What the gamma of a kernel is.
enum class gamma_rule : unsigned char {
    scale,     ///< 1 / (columns times the variance of all features together)
    automatic, ///< 1 / columns
    given,     ///< that of `kernel`
};

/// In which unit labels are fitted.
enum class label_unit : unsigned char {
    given,    ///< in theirs, as libsvm does: `cost` and `epsilon` are in it, too
    standard, ///< less their mean and by their standard deviation
};

/// Options of `fit_support_vectors`; the defaults are scikit-learn's.
struct support_vector_options {
    support_loss loss = support_loss::epsilon;
    kernel_function kernel{};
    gamma_rule gamma = gamma_rule::scale;
    double cost = 1; ///< C: what an error costs against a flat function
    double epsilon = 0.1;
    double nu = 0.5;
    label_unit labels = label_unit::given;
    double tolerance = 1e-3;         ///< of the conditions of the optimum at which the solver stops
    bool shrinking = true;           ///< whether rows that seem to be settled are left out for a while
    std::size_t cache_mib = 256;     ///< memory of rows of the kernel matrix
    std::size_t steps = 100'000'000; ///< of the solver at most

    using described = members<member<"loss", &support_vector_options::loss>, member<"kernel", &support_vector_options::kernel>,
                              member<"gamma", &support_vector_options::gamma>, member<"cost", &support_vector_options::cost>,
                              member<"epsilon", &support_vector_options::epsilon>, member<"nu", &support_vector_options::nu>,
                              member<"labels", &support_vector_options::labels>, member<"tolerance", &support_vector_options::tolerance>,
                              member<"shrinking", &support_vector_options::shrinking>, member<"cache_mib", &support_vector_options::cache_mib>,
                              member<"steps", &support_vector_options::steps>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        kernel.check(source);
        require_positive(source, "cost", cost);
        require_not_negative(source, "epsilon", epsilon);
        require_share(source, "nu", nu);
        require_positive(source, "nu", nu);
        require_positive(source, "tolerance", tolerance);
        require_count(source, "cache_mib", cache_mib, 1, std::size_t{1} << 20U);
        require_count(source, "steps", steps, 1);
    }
};

} // namespace verdant::surrogate
