#include "fuzz.hpp"

#include <verdant/text/html.hpp>
#include <verdant/text/utf8.hpp>

VERDANT_FUZZ_TARGET(html) {
    const auto plain = verdant::io::unescape_html(fuzz::text(data));
    if (verdant::io::is_utf8(fuzz::text(data))) fuzz::require(verdant::io::is_utf8(plain), "text stays text");
}
