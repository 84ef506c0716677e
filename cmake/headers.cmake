# Every public header, one a line, sorted. A header goes into the list of the component that it needs; all others into the core.
# The test `headers.listed` fails when a header under include/ is missing here, listed twice, out of order, or gone.

set(verdant_headers
  verdant/error.hpp
  verdant/meta/enum_name.hpp
  verdant/meta/expression.hpp
  verdant/meta/fixed_string.hpp
  verdant/meta/literal.hpp
  verdant/meta/program.hpp
  verdant/random.hpp
  verdant/space/domain.hpp
  verdant/space/table.hpp
  verdant/units.hpp
  verdant/version.hpp
)

# verdant::json: needs nlohmann/json
set(verdant_json_headers
)

# verdant::range_v3: needs range-v3
set(verdant_range_v3_headers
)

# verdant::xtensor: needs xtensor
set(verdant_xtensor_headers
)
