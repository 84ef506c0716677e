#pragma once

#include <verdant/error.hpp>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

/// What mpirun, srun and torchrun tell the processes that they start, which is in variables of their environment.
namespace verdant::parallel {

/// What starts several processes of a program. One may run inside another, as mpirun does in a job of SLURM; the order is that in which they
/// are asked: those that start processes within a job, then SLURM, whose variables every process of a job inherits.
enum class launcher : unsigned char { open_mpi, pmix, pmi, torchrun, slurm };

/// All of them, in the order in which they are asked.
inline constexpr std::array every_launcher{launcher::open_mpi, launcher::pmix, launcher::pmi, launcher::torchrun, launcher::slurm};

/// The variables in which a launcher tells a process its rank, how many processes there are, and its rank among those of its machine. Empty where
/// it does not tell that.
struct launcher_variables {
    const char* rank;
    const char* size;
    const char* local_rank;
};

/// The names that Open MPI, PMIx, PMI (MPICH, Intel MPI), PyTorch's torchrun and SLURM give in their manuals.
[[nodiscard]] constexpr launcher_variables variables_of(launcher l) {
    switch (l) {
    case launcher::open_mpi: return {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"};
    case launcher::pmix: return {"PMIX_RANK", "", ""};
    case launcher::pmi: return {"PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"};
    case launcher::torchrun: return {"RANK", "WORLD_SIZE", "LOCAL_RANK"};
    case launcher::slurm: break;
    }
    return {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"};
}

/// A variable of the environment. @return nothing where it is not set, or `name` is empty
[[nodiscard]] inline std::optional<std::string> environment(const char* name) {
    const char* const value = *name == '\0' ? nullptr : std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

/// A whole number from 0 to `most` in a variable of the environment. @return nothing where it is not set
/// @throws input_error naming the variable where it holds something else
[[nodiscard]] inline std::optional<int> number_in_environment(const char* name, int most = 1 << 30) {
    const auto text = environment(name);
    if (!text) return std::nullopt;
    int value = -1;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
    if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || value < 0 || value > most)
        throw input_error{"environment", name, "a whole number from 0 to " + std::to_string(most), "'" + *text + "'"};
    return value;
}

/// The place of this process among those that were started together.
struct launched_place {
    int rank = 0, size = 1;
};

/// The place that the first of these launchers gives which tells rank and number. @return nothing where none of them does
/// @throws input_error for a variable that holds no number, or a rank that is not below the number of processes
[[nodiscard]] inline std::optional<launched_place> launched_place_of(std::span<const launcher> asked = every_launcher) {
    for (const auto l : asked) {
        const auto names = variables_of(l);
        if (!environment(names.rank) || !environment(names.size)) continue;
        const launched_place place{*number_in_environment(names.rank), *number_in_environment(names.size)};
        if (place.rank >= place.size)
            throw input_error{"environment", names.rank, "a rank below the " + std::to_string(place.size) + " processes of " + names.size,
                              std::to_string(place.rank)};
        return place;
    }
    return std::nullopt;
}

/// The rank of this process among those of its machine, by which graphics cards are shared out; 0 where no launcher tells it.
/// @throws input_error for a variable that holds no number
[[nodiscard]] inline int local_rank() {
    for (const auto l : every_launcher)
        if (const auto rank = number_in_environment(variables_of(l).local_rank)) return *rank;
    return 0;
}

/// Whether this process was started by an MPI launcher: mpirun, or srun with PMI or PMIx.
[[nodiscard]] inline bool started_by_mpi() {
    for (const auto l : {launcher::open_mpi, launcher::pmix, launcher::pmi})
        if (environment(variables_of(l).rank) || environment(variables_of(l).size)) return true;
    return false;
}

/// Whether this process is the one that says what all of them find: the first, or the only one. Before processes can talk to each other, every
/// one finds the same mistake in its options.
[[nodiscard]] inline bool speaks_for_all() {
    for (const auto l : every_launcher)
        if (const auto rank = environment(variables_of(l).rank)) return *rank == "0";
    return true;
}

} // namespace verdant::parallel
