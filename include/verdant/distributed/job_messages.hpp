#pragma once

#include <verdant/distributed/program_identity.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Jobs, and what came of them, as bytes that another process of the same program reads. Readers use what they are given or throw input_error.
namespace verdant {

/// The bytes of a message between processes.
using message_bytes = std::vector<unsigned char>;

namespace detail {

inline void append_text(message_bytes& out, const std::string& text) {
    io::append_little<std::uint64_t>(out, text.size());
    for (const char c : text) out.push_back(static_cast<unsigned char>(c));
}
inline void append_number(message_bytes& out, double value) { io::append_little<std::uint64_t>(out, std::bit_cast<std::uint64_t>(value)); }

template <class = instantiated_when_used>
[[nodiscard]] std::string read_text(io::byte_cursor& in, std::string_view what) {
    const auto raw = in.take(in.little<std::uint64_t>(what), what);
    return {raw.begin(), raw.end()};
}
[[nodiscard]] inline double read_number(io::byte_cursor& in, std::string_view what) { return std::bit_cast<double>(in.little<std::uint64_t>(what)); }
template <class = instantiated_when_used>
[[nodiscard]] bool read_flag(io::byte_cursor& in, std::string_view what) {
    const auto value = in.u8(what);
    if (value > 1) in.fail("0 or 1 for " + std::string{what}, std::to_string(value), 1);
    return value == 1;
}
/// How many things follow of which each takes at least `least` bytes.
template <class = instantiated_when_used>
[[nodiscard]] std::size_t read_count(io::byte_cursor& in, std::size_t least, std::string_view what) {
    const auto count = in.little<std::uint64_t>(what);
    if (count > in.remaining() / least) in.fail("as many " + std::string{what} + " as there are bytes for", std::to_string(count), 8);
    return static_cast<std::size_t>(count);
}
template <class = instantiated_when_used>
void require_end(const io::byte_cursor& in) {
    if (in.remaining() != 0) in.fail("the end", std::to_string(in.remaining()) + " bytes more");
}

template <class Metrics>
void append_values(message_bytes& out, const Metrics& values) {
    for (const auto v : values.si_values()) append_number(out, v);
}
template <class Metrics>
[[nodiscard]] Metrics read_values(io::byte_cursor& in) {
    decltype(std::declval<const Metrics&>().si_values()) numbers{};
    for (auto& v : numbers) v = read_number(in, "a metric");
    return Metrics::from_si_values(numbers);
}

} // namespace detail

/// Jobs as bytes: what they are in the memory of this program.
template <class Space>
[[nodiscard]] message_bytes write_jobs(std::span<const job<Space>> jobs) {
    message_bytes out(jobs.size_bytes());
    if (!jobs.empty()) std::memcpy(out.data(), jobs.data(), out.size());
    return out;
}

/// The jobs of `write_jobs`. Throws input_error where the bytes are no whole number of jobs, or of points that the space does not have.
/// @param source what errors call the message
template <class Space>
[[nodiscard]] std::vector<job<Space>> read_jobs(std::span<const unsigned char> bytes, const std::string& source) {
    const auto count = bytes.size() / sizeof(job<Space>);
    if (count * sizeof(job<Space>) != bytes.size())
        throw input_error{source, "", "jobs of " + std::to_string(sizeof(job<Space>)) + " bytes", std::to_string(bytes.size()) + " bytes"};
    std::vector<job<Space>> jobs(count);
    if (count > 0) std::memcpy(jobs.data(), bytes.data(), bytes.size());
    for (const auto& one : jobs)
        for (std::size_t p = 0; p < view_of<Space>.size(); ++p)
            if (one.point[p] >= view_of<Space>.domain_size(p))
                throw input_error{source, "trial " + std::to_string(one.number), "a point of the space",
                                  "value " + std::to_string(one.point[p]) + " of parameter " + std::string{view_of<Space>.name(p)}};
    return jobs;
}

namespace detail {

inline void append_consumption(message_bytes& out, const worker_consumption& one) {
    append_text(out, one.worker);
    append_number(out, one.used.took.value());
    for (const auto& energy : {one.used.processors, one.used.graphics, one.used.memory}) append_number(out, energy.value());
    append_number(out, one.used.emitted.value());
    append_text(out, one.used.method);
    for (const auto* const scope : {&one.scope.processors, &one.scope.graphics, &one.scope.memory}) append_text(out, *scope);
}
template <class = instantiated_when_used>
[[nodiscard]] worker_consumption read_consumption(io::byte_cursor& in) {
    const auto amount = [&in](std::string_view what) {
        const auto value = read_number(in, what);
        if (!(value >= 0 && std::isfinite(value))) in.fail("0 or more for " + std::string{what}, exact_text(value), 8);
        return value;
    };
    worker_consumption one;
    one.worker = read_text<>(in, "a worker");
    if (!is_worker_name(one.worker)) in.fail("a worker's name without \"; \"", '\'' + one.worker + '\'', one.worker.size());
    one.used.took = si::time::from_value(amount("its time"));
    one.used.processors = si::energy::from_value(amount("the energy of its processors"));
    one.used.graphics = si::energy::from_value(amount("the energy of its graphics"));
    one.used.memory = si::energy::from_value(amount("the energy of its memory"));
    one.used.emitted = si::mass::from_value(amount("its emissions"));
    one.used.method = read_text<>(in, "its method");
    one.scope.processors = read_text<>(in, "what its processors are");
    one.scope.graphics = read_text<>(in, "what its graphics are");
    one.scope.memory = read_text<>(in, "what its memory is");
    return one;
}
VERDANT_DEFINED_ONCE(worker_consumption read_consumption<>(io::byte_cursor&));

} // namespace detail

/// Completed jobs as bytes: number, whether it ended early or started over, when, failure, values, and those reported on the way; behind all of them
/// what the worker consumed for them. @param consumed null where it has no meter
template <class Goals>
[[nodiscard]] message_bytes write_completed(std::span<const completed_job<Goals>> done, const worker_consumption* consumed = nullptr) {
    message_bytes out;
    io::append_little<std::uint64_t>(out, done.size());
    for (const auto& [number, what] : done) {
        io::append_little<std::uint64_t>(out, number);
        out.push_back(what.stopped ? 1 : 0);
        out.push_back(what.started_over ? 1 : 0);
        detail::append_number(out, what.times.started);
        detail::append_number(out, what.times.ended);
        detail::append_text(out, what.failure);
        detail::append_values(out, what.values);
        io::append_little<std::uint64_t>(out, what.reported.size());
        for (const auto& one : what.reported) {
            detail::append_number(out, one.fidelity);
            detail::append_values(out, one.values);
        }
    }
    out.push_back(consumed != nullptr ? 1 : 0);
    if (consumed != nullptr) detail::append_consumption(out, *consumed);
    return out;
}

/// The completed jobs of `write_completed`, without a worker, which whoever receives them knows. Throws input_error for other bytes.
/// @param source what errors call the message
template <class Goals>
[[nodiscard]] std::vector<completed_job<Goals>> read_completed(std::span<const unsigned char> bytes, const std::string& source) {
    using metrics_type = typename Goals::metrics_type;
    constexpr std::size_t numbers = sizeof(metrics_type{}.si_values());
    io::byte_cursor in{source, "", bytes};
    std::vector<completed_job<Goals>> done(detail::read_count<>(in, 8 + 2 + 16 + 8 + numbers + 8, "completed jobs"));
    for (auto& [number, what] : done) {
        number = in.little<std::uint64_t>("the number of a trial");
        what.stopped = detail::read_flag<>(in, "whether it ended early");
        what.started_over = detail::read_flag<>(in, "whether it started over");
        what.times.started = detail::read_number(in, "its beginning");
        what.times.ended = detail::read_number(in, "its end");
        what.failure = detail::read_text<>(in, "its failure");
        what.values = detail::read_values<metrics_type>(in);
        what.reported.resize(detail::read_count<>(in, 8 + numbers, "reported values"));
        for (auto& one : what.reported) {
            one.fidelity = detail::read_number(in, "a fidelity");
            one.values = detail::read_values<metrics_type>(in);
        }
    }
    if (detail::read_flag<>(in, "whether the worker has a meter")) {
        if (done.empty()) in.fail("no consumption without completed jobs", "some", 1);
        auto all = detail::read_consumption<>(in);
        // The first has all of it, so that it counts once; the others are of a worker with a meter, too.
        auto nothing = worker_consumption{.worker = all.worker, .used = {.method = all.used.method, .runs = 0}, .scope = all.scope};
        const auto others = std::make_shared<const worker_consumption>(std::move(nothing));
        for (auto& [number, what] : done) what.consumed = others;
        done[0].outcome.consumed = std::make_shared<const worker_consumption>(std::move(all));
    }
    detail::require_end<>(in);
    return done;
}

/// An identity as bytes.
template <class = instantiated_when_used>
[[nodiscard]] message_bytes write_identity(const program_identity& one) {
    message_bytes out;
    io::append_little<std::uint64_t>(out, one.lines.size());
    for (const auto& [name, value] : one.lines) {
        detail::append_text(out, name);
        detail::append_text(out, value);
    }
    return out;
}
VERDANT_DEFINED_ONCE(message_bytes write_identity<>(const program_identity&));

/// The identity of `write_identity`. Throws input_error for other bytes.
/// @param source what errors call the message
template <class = instantiated_when_used>
[[nodiscard]] program_identity read_identity(std::span<const unsigned char> bytes, const std::string& source) {
    io::byte_cursor in{source, "", bytes};
    program_identity one;
    one.lines.resize(detail::read_count<>(in, 16, "lines"));
    for (auto& [name, value] : one.lines) {
        name = detail::read_text<>(in, "a name");
        value = detail::read_text<>(in, "a value");
    }
    detail::require_end<>(in);
    return one;
}
VERDANT_DEFINED_ONCE(program_identity read_identity<>(std::span<const unsigned char>, const std::string&));

} // namespace verdant
