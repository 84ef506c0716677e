#pragma once

// The only place that knows which Catch2 is installed: 2.13 (Debian 12) or 3 (Debian 13).
// LibTorch brings glog's CHECK, which would silently take the place of Catch2's; so LibTorch comes first, and its macro goes.
#undef CHECK
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
namespace Catch {
inline auto Contains(const std::string& text) { return Matchers::ContainsSubstring(text); }
} // namespace Catch
#else
#include <catch2/catch.hpp>
#endif
