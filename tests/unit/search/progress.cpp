#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <cstdio>
#include <memory>

using namespace studies;

namespace {

using evolution = study<vd::nsga2<>>;

struct close_file {
    void operator()(std::FILE* f) const { std::fclose(f); }
};
using file = std::unique_ptr<std::FILE, close_file>;

std::string contents(const file& f) {
    std::string text;
    std::rewind(f.get());
    for (int c = std::fgetc(f.get()); c != EOF; c = std::fgetc(f.get())) text += static_cast<char>(c);
    return text;
}

vd::metrics<vd::accuracy, vd::latency> broken(const point&) { throw std::runtime_error{"broken"}; }

} // namespace

TEST_CASE("progress is silent where the stream is no terminal", "[search]") {
    const file out{std::tmpfile()};
    vd::progress_line<evolution> line{evolution::goals_type::limits(), out.get()};
    const auto watched = evolution{measure, power}.run({.trials = 40}, line);
    REQUIRE(contents(out).empty());
    REQUIRE(same(watched, evolution{measure, power}.run({.trials = 40})));
}

TEST_CASE("progress is one line that ends when the search does", "[search]") {
    const file out{std::tmpfile()};
    vd::progress_line<evolution> line{evolution::goals_type::limits(), out.get(), vd::progress_output::everywhere};
    const auto found = evolution{measure, power}.run({.trials = 40}, line);
    auto text = contents(out);
    REQUIRE(text.front() == '\r');
    REQUIRE(text.back() == '\n');
    REQUIRE(std::count(text.begin(), text.end(), '\n') == 1);
    const auto last = text.substr(text.rfind('\r') + 1);
    REQUIRE(last.find("40/40 trials") == 0);
    REQUIRE(last.find("/s") != std::string::npos);
    REQUIRE(last.find("left") != std::string::npos);
    REQUIRE(last.find("hypervolume " + vd::rounded_text(*found.hypervolume(), 6)) != std::string::npos);
    REQUIRE(last.find("front " + std::to_string(found.size())) != std::string::npos);
    REQUIRE(last.find("failed") == std::string::npos);
    // Every state of the line is as long as the longest before it, so that nothing stays behind.
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of("\r\n", at + 1), text.size());
        REQUIRE(end - at >= longest);
        longest = end - at;
        at = end + (text[end] == '\n' ? 1 : 0);
    }
}

TEST_CASE("a line is ended also by a search that breaks off, and tells of failures", "[search]") {
    const file out{std::tmpfile()};
    {
        vd::progress_line<evolution> line{evolution::goals_type::limits(), out.get(), vd::progress_output::everywhere};
        const evolution s{broken, power};
        REQUIRE_THROWS_AS(s.run({.trials = 40, .failures_in_a_row = 5}, line), vd::search_error);
        REQUIRE(contents(out).find('\n') == std::string::npos);
    }
    REQUIRE(contents(out).back() == '\n');
    const file another{std::tmpfile()};
    vd::progress_line<evolution> line{evolution::goals_type::limits(), another.get(), vd::progress_output::everywhere};
    evolution{broken, power}.run({.trials = 30, .failures_in_a_row = 0}, line);
    REQUIRE(contents(another).find("failed 30") != std::string::npos);
}

TEST_CASE("the progress of a second search begins anew, and counts anew", "[search]") {
    const file out{std::tmpfile()};
    vd::progress_line<evolution> line{evolution::goals_type::limits(), out.get(), vd::progress_output::everywhere};
    evolution{measure, power}.run({.trials = 40}, line);
    evolution{measure, power}.run({.trials = 3}, line);
    const auto text = contents(out);
    REQUIRE(text.substr(text.rfind('\r') + 1).find("3/3 trials") == 0);
}
