#include "fuzz.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/tabular/ablation.hpp>

#include <cmath>

VERDANT_FUZZ_TARGET(ablation) {
    const auto read = verdant::tabular::proxy_ablation::from(verdant::io::parse_csv(fuzz::text(data), fuzz::source));
    fuzz::require(read.proxified.architectures() == read.few_proxy.architectures(), "both recipes train the same architectures");
    for (const auto* const series : {&read.proxified, &read.few_proxy}) {
        fuzz::require(series->seeds() >= 2 && std::isfinite(series->mean_deviation()), "trainings with one recipe are told apart");
        for (const auto mean : series->mean()) fuzz::require(mean >= 0 && mean <= 100 + 1e-9, "a mean accuracy is one of 0 to 100 %");
        fuzz::require(series->hours() > 0, "trainings take time");
    }
    static_cast<void>(read.quality());
}
