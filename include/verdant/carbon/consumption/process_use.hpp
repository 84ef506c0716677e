#pragma once

#include <verdant/carbon/consumption/rapl_counters.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/units.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/// What this process and its children use of the machine.
namespace verdant::carbon {

namespace detail {

/// The processes that live below one, itself not among them, as far as Linux lists them (proc(5), /proc/pid/task/tid/children).
[[nodiscard]] inline std::vector<std::string> living_descendants(const std::string& process, int depth = 0) {
    std::vector<std::string> found;
    if (depth > 32) return found;
    const auto tasks = "/proc/" + process + "/task";
    for (const auto& task : names_in(tasks)) {
        if (task.front() == '.') continue;
        const auto text = system_text(tasks + '/' + task + "/children").value_or("");
        for (std::string_view rest = text; !rest.empty();) {
            const std::string one{rest.substr(0, rest.find(' '))};
            rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : one.size());
            if (one.empty()) continue;
            found.push_back(one);
            for (auto& below : living_descendants(one, depth + 1)) found.push_back(std::move(below));
        }
    }
    return found;
}

/// One of the numbers of /proc/pid/stat behind the name of the process, of which proc(5) counts the first as field 3; 0 where the process is gone.
[[nodiscard]] inline double stat_field(std::string_view text, int field) {
    const auto name_end = text.rfind(')');
    if (name_end == text.npos) return 0;
    text.remove_prefix(name_end + 1);
    for (int at = 2; !text.empty(); ++at) {
        const auto word = text.substr(0, text.find(' '));
        if (at == field) {
            std::uint64_t value = 0;
            const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
            return read.ec == std::errc{} ? static_cast<double>(value) : 0;
        }
        text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
    }
    return 0;
}

[[nodiscard]] inline double seconds_of(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

} // namespace detail

/// Processor time since this process began: of all its threads, of children that it has waited for, and of those that live, with theirs.
[[nodiscard]] inline si::time processor_time() {
    double seconds_used = verdant::detail::clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    rusage waited_for{};
    if (getrusage(RUSAGE_CHILDREN, &waited_for) == 0)
        seconds_used += detail::seconds_of(waited_for.ru_utime) + detail::seconds_of(waited_for.ru_stime);
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (const auto& process : detail::living_descendants(std::to_string(getpid()))) {
        const auto text = detail::system_text("/proc/" + process + "/stat").value_or("");
        // utime, stime, cutime and cstime.
        for (const int field : {14, 15, 16, 17}) seconds_used += detail::stat_field(text, field) / ticks;
    }
    return seconds_used * seconds{};
}

/// This process behind its ancestors, the eldest first, by their numbers, and the namespace that these are of: `pid:[4026531836]/1/12/17`. What is
/// said above of a process counts for those whose lineage begins with its own.
[[nodiscard]] inline std::string process_lineage() {
    std::string numbers;
    auto process = static_cast<long>(::getpid());
    for (int depth = 0; process > 0 && depth < 64; ++depth) {
        numbers = '/' + std::to_string(process) + numbers;
        process = static_cast<long>(detail::stat_field(detail::system_text("/proc/" + std::to_string(process) + "/stat").value_or(""), 4));
    }
    char of[64]{};
    return (::readlink("/proc/self/ns/pid", of, sizeof of - 1) > 0 ? of : "processes") + numbers;
}

/// Memory of this process and its living children that is in use, bytes. What they share counts for each.
[[nodiscard]] inline double resident_memory() {
    const auto pages = [](const std::string& process) {
        return detail::stat_field(detail::system_text("/proc/" + process + "/stat").value_or(""), 24);
    };
    double sum = pages("self");
    for (const auto& process : detail::living_descendants(std::to_string(getpid()))) sum += pages(process);
    return sum * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Memory of this machine, bytes.
[[nodiscard]] inline double machine_memory() { return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)); }

} // namespace verdant::carbon
