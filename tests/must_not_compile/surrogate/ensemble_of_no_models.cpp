// expect: verdant: the members of a regressor_ensemble are no models
#include <verdant/surrogate/ensemble/any_regressor.hpp>
#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>

#if defined(VERDANT_GOOD)
using ensemble = verdant::surrogate::regressor_ensemble<verdant::surrogate::any_regressor>;
#else
using ensemble = verdant::surrogate::regressor_ensemble<double>;
#endif
double predicted(const ensemble& models, std::span<const float> row) { return models.predict(row); }
