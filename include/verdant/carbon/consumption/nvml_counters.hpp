#pragma once

#include <verdant/units.hpp>

#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <dlfcn.h>

namespace verdant::carbon {

namespace detail {

/// The functions of NVIDIA's management library that are needed, found while the program runs, so that nothing of it is needed to build one. Types
/// and names are those of its reference (NVML API Reference Guide, "Device Queries").
class nvml_library {
public:
    using device = void*;

    explicit nvml_library(const char* name) : handle_{::dlopen(name, RTLD_NOW | RTLD_LOCAL)} {
        if (handle_ == nullptr) {
            trouble_ = std::string{"no "} + name;
            return;
        }
        const bool all = find(initialise_, "nvmlInit_v2") && find(shut_down_, "nvmlShutdown") && find(count_, "nvmlDeviceGetCount_v2") &&
                         find(by_index_, "nvmlDeviceGetHandleByIndex_v2") && find(power_, "nvmlDeviceGetPowerUsage");
        // Older ones lack these.
        find(by_uuid_, "nvmlDeviceGetHandleByUUID");
        find(energy_, "nvmlDeviceGetTotalEnergyConsumption");
        find(name_, "nvmlDeviceGetName");
        find(uuid_, "nvmlDeviceGetUUID");
        if (!all) trouble_ = std::string{name} + " lacks functions";
        else if (const int code = initialise_(); code != 0) trouble_ = "NVML does not start (error " + std::to_string(code) + ')';
        else ready_ = true;
    }
    nvml_library(const nvml_library&) = delete;
    nvml_library& operator=(const nvml_library&) = delete;
    ~nvml_library() {
        if (ready_) shut_down_();
        if (handle_ != nullptr) ::dlclose(handle_);
    }

    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    [[nodiscard]] unsigned count() const {
        unsigned n = 0;
        return count_(&n) == 0 ? n : 0;
    }
    [[nodiscard]] std::optional<device> by_index(unsigned i) const {
        device found = nullptr;
        return by_index_(i, &found) == 0 ? std::optional{found} : std::nullopt;
    }
    [[nodiscard]] std::optional<device> by_uuid(const std::string& uuid) const {
        device found = nullptr;
        return by_uuid_ != nullptr && by_uuid_(uuid.c_str(), &found) == 0 ? std::optional{found} : std::nullopt;
    }
    /// Joules since the driver was loaded.
    [[nodiscard]] std::optional<double> energy(device d) const {
        unsigned long long millijoules = 0;
        return energy_ != nullptr && energy_(d, &millijoules) == 0 ? std::optional{static_cast<double>(millijoules) * 1e-3} : std::nullopt;
    }
    /// Watts now.
    [[nodiscard]] std::optional<double> power(device d) const {
        unsigned milliwatts = 0;
        return power_(d, &milliwatts) == 0 ? std::optional{milliwatts * 1e-3} : std::nullopt;
    }
    [[nodiscard]] std::string name(device d) const {
        char text[96]{}; // NVML_DEVICE_NAME_V2_BUFFER_SIZE
        return name_ != nullptr && name_(d, text, sizeof text) == 0 ? std::string{text} : std::string{"graphics card"};
    }

    /// Empty where the card does not say it.
    [[nodiscard]] std::string uuid(device d) const {
        char text[96]{}; // NVML_DEVICE_UUID_V2_BUFFER_SIZE
        return uuid_ != nullptr && uuid_(d, text, sizeof text) == 0 ? std::string{text} : std::string{};
    }

private:
    template <class Function>
    bool find(Function*& function, const char* name) {
        function = reinterpret_cast<Function*>(::dlsym(handle_, name));
        return function != nullptr;
    }

    void* handle_;
    bool ready_ = false;
    std::string trouble_;
    int (*initialise_)() = nullptr;
    int (*shut_down_)() = nullptr;
    int (*count_)(unsigned*) = nullptr;
    int (*by_index_)(unsigned, device*) = nullptr;
    int (*by_uuid_)(const char*, device*) = nullptr;
    int (*energy_)(device, unsigned long long*) = nullptr;
    int (*power_)(device, unsigned*) = nullptr;
    int (*name_)(device, char*, unsigned) = nullptr;
    int (*uuid_)(device, char*, unsigned) = nullptr;
};

} // namespace detail

/// The energy of NVIDIA's graphics cards, by the energy counter that NVML has for each since Volta; of older ones by their power at each call. Where
/// CUDA_VISIBLE_DEVICES names cards, by number or UUID, only these count. Cards are counted whole, whoever uses them.
class nvml_counters {
public:
    /// @param library name or path @param visible as CUDA_VISIBLE_DEVICES has it; null for all
    explicit nvml_counters(const std::string& library = "libnvidia-ml.so.1", const char* visible = std::getenv("CUDA_VISIBLE_DEVICES"))
        : library_{std::make_unique<detail::nvml_library>(library.c_str())} {
        if (!library_->ready()) return;
        if (visible == nullptr) {
            for (unsigned i = 0; i < library_->count(); ++i) add(library_->by_index(i), "card " + std::to_string(i));
            return;
        }
        // As CUDA does, up to the first that there is not.
        for (std::string_view rest = visible; !rest.empty();) {
            const std::string one{rest.substr(0, rest.find(','))};
            rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : one.size());
            unsigned number = 0;
            const auto read = std::from_chars(one.data(), one.data() + one.size(), number);
            const bool is_number = read.ec == std::errc{} && read.ptr == one.data() + one.size();
            if (!(is_number ? add(library_->by_index(number), "card " + std::to_string(number)) : add(library_->by_uuid(one), one))) return;
        }
    }

    [[nodiscard]] bool readable() const noexcept { return !cards_.empty(); }
    /// Why there are no cards.
    [[nodiscard]] std::string trouble() const { return !library_->ready() ? library_->trouble() : "no card that is visible"; }
    /// What the cards are called, and how they are measured: `2 of NVIDIA H200, by NVML's energy counters`.
    [[nodiscard]] std::string names() const {
        if (cards_.empty()) return {};
        bool counters = true;
        for (const auto& c : cards_) counters = counters && c.energy.has_value();
        return std::to_string(cards_.size()) + " of " + library_->name(cards_.front().device) +
               (counters ? ", by NVML's energy counters" : ", by NVML's power");
    }

    /// Each card on a line of its own, by its UUID, which no other has; one that says none as a part of the machine, `host/card 1`.
    [[nodiscard]] std::string counters(const std::string& host) const {
        std::string all;
        for (const auto& c : cards_) {
            const auto uuid = library_->uuid(c.device);
            all += (all.empty() ? "" : "\n") + (uuid.empty() ? host + '/' + c.called : uuid);
        }
        return all;
    }

    /// The energy since the last call, or since the cards were found. @param elapsed time since then
    [[nodiscard]] si::energy taken(si::time elapsed) {
        double sum = 0;
        for (auto& c : cards_) {
            const auto now = c.energy ? library_->energy(c.device) : std::nullopt;
            if (now) {
                // A driver that was loaded anew counts from 0.
                sum += *now >= *c.energy ? *now - *c.energy : *now;
                c.energy = now;
            } else if (!c.energy) sum += library_->power(c.device).value_or(0) * elapsed.value();
        }
        return sum * joules{};
    }

private:
    struct card {
        detail::nvml_library::device device;
        std::optional<double> energy; ///< joules at the last call; none for a card that does not count
        std::string called; ///< as it was asked for
    };
    bool add(std::optional<detail::nvml_library::device> found, std::string called) {
        if (found) cards_.push_back({*found, library_->energy(*found), std::move(called)});
        return found.has_value();
    }

    std::unique_ptr<detail::nvml_library> library_;
    std::vector<card> cards_;
};

} // namespace verdant::carbon
