#pragma once

#include <verdant/units.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace verdant::carbon {

namespace detail {

/// The text of a small file of the system without the line's end, or nothing and an error number.
[[nodiscard]] inline std::optional<std::string> system_text(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    char text[4096];
    const auto n = ::read(file, text, sizeof text);
    const auto code = errno;
    ::close(file);
    errno = code;
    if (n < 0) return std::nullopt;
    std::string_view all{text, static_cast<std::size_t>(n)};
    while (!all.empty() && (all.back() == '\n' || all.back() == ' ')) all.remove_suffix(1);
    return std::string{all};
}

/// A whole number in such a file. An error number of 0 says that something else is in it.
[[nodiscard]] inline std::optional<std::uint64_t> system_number(const std::string& path) {
    const auto text = system_text(path);
    if (!text) return std::nullopt;
    std::uint64_t value = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
    errno = 0;
    return !text->empty() && read.ec == std::errc{} && read.ptr == text->data() + text->size() ? std::optional{value} : std::nullopt;
}

/// The entries of a folder in order of their names; none where there is no such folder.
[[nodiscard]] inline std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    DIR* const open = ::opendir(folder.c_str());
    if (open == nullptr) return names;
    while (const auto* one = ::readdir(open)) names.emplace_back(one->d_name); // NOLINT(concurrency-mt-unsafe): of an object of our own
    ::closedir(open);
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace detail

/// The energy counters of processor packages that Linux shows for RAPL, of Intel's and of AMD's processors
/// (Documentation/power/powercap/powercap.rst): `intel-rapl:N/energy_uj` counts microjoules up to `max_energy_range_uj` and begins anew. Packages
/// hold their cores; the counters of cores, of `dram` and of the whole platform are left alone, so that nothing is counted twice. Counters are of the
/// whole machine, whoever uses it. Most systems let only the administrator read them.
class rapl_counters {
public:
    explicit rapl_counters(const std::string& folder = "/sys/class/powercap") {
        for (const auto& entry : detail::names_in(folder)) {
            constexpr std::string_view zone = "intel-rapl:";
            if (!entry.starts_with(zone) || entry.size() == zone.size() || entry.find_first_not_of("0123456789", zone.size()) != entry.npos) continue;
            const auto path = folder + '/' + entry;
            const auto name = detail::system_text(path + "/name");
            if (!name || !name->starts_with("package")) continue;
            const auto now = detail::system_number(path + "/energy_uj");
            if (!now) {
                // Some of the packages are not all: what is not known whole is not known.
                trouble_ = path + "/energy_uj: " + (errno == 0 ? "no number" : std::generic_category().message(errno));
                counters_.clear();
                return;
            }
            // Without its end, what a counter takes where it begins anew would be lost.
            const auto range = detail::system_number(path + "/max_energy_range_uj");
            if (!range || *range < *now) {
                trouble_ = path + "/max_energy_range_uj: " +
                           (range        ? "below the counter"
                            : errno == 0 ? "no number"
                                         : std::generic_category().message(errno));
                counters_.clear();
                return;
            }
            counters_.push_back({path + "/energy_uj", *name, *now, *range});
        }
        if (counters_.empty()) trouble_ = "no packages in " + folder;
    }

    /// Whether every package has a counter that can be read, and there is one.
    [[nodiscard]] bool readable() const noexcept { return !counters_.empty(); }
    /// Why not.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    /// The names of the packages: `package-0, package-1`.
    [[nodiscard]] std::string names() const {
        std::string all;
        for (const auto& c : counters_) all += (all.empty() ? "" : ", ") + c.name;
        return all;
    }

    /// The energy since the last call, or since the counters were opened. Calls must come more often than a counter begins anew, which at the full
    /// power of a large processor it does after a few minutes. A counter that cannot be read now is caught up with later.
    [[nodiscard]] si::energy taken() {
        double microjoules = 0;
        for (auto& c : counters_) {
            const auto now = detail::system_number(c.path);
            if (!now) continue;
            if (*now >= c.last) microjoules += static_cast<double>(*now - c.last);
            else if (c.range >= c.last) microjoules += static_cast<double>(c.range - c.last) + static_cast<double>(*now);
            c.last = *now;
        }
        return microjoules * 1e-6 * joules{};
    }

private:
    struct counter {
        std::string path, name;
        std::uint64_t last, range; ///< microjoules
    };
    std::vector<counter> counters_;
    std::string trouble_;
};

} // namespace verdant::carbon
