// expect: verdant: a space of this catalogue has no name; specialise verdant::spaces::catalogue_name for it
#include <verdant/spaces/once_for_all/catalogue.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>

struct my_space : verdant::spaces::narrow_ofa {};
#if defined(VERDANT_GOOD)
template <>
inline constexpr std::string_view verdant::spaces::catalogue_name<my_space>{"mine"};
#endif

static_assert(verdant::spaces::catalogue<my_space>::names.size() == 1);
