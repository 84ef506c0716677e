// What launchers say in the environment, as Open MPI, MPICH, torchrun and SLURM set it.

#include <verdant/error.hpp>
#include <verdant/parallel/launcher.hpp>

#include "catch.hpp"

#include <array>
#include <cstdlib>
#include <initializer_list>
#include <utility>

namespace parallel = verdant::parallel;
using Catch::Contains;
using parallel::launcher;

namespace {

// An environment in which no launcher has said anything but this, until the end of a test.
class told {
public:
    told(std::initializer_list<std::pair<const char*, const char*>> variables) {
        clear();
        for (const auto& [name, value] : variables) setenv(name, value, 1);
    }
    told(const told&) = delete;
    told& operator=(const told&) = delete;
    ~told() { clear(); }

private:
    static void clear() {
        for (const auto l : parallel::every_launcher) {
            const auto names = parallel::variables_of(l);
            for (const char* name : {names.rank, names.size, names.local_rank})
                if (*name != '\0') unsetenv(name);
        }
        unsetenv("MASTER_PORT");
    }
};

} // namespace

TEST_CASE("A process that nothing launched is alone", "[launcher]") {
    const told nothing{};
    CHECK_FALSE(parallel::launched_place_of());
    CHECK_FALSE(parallel::started_by_mpi());
    CHECK(parallel::speaks_for_all());
    CHECK(parallel::local_rank() == 0);
    CHECK_FALSE(parallel::environment("MASTER_PORT"));
    CHECK_FALSE(parallel::environment(""));
}

TEST_CASE("Each launcher's variables are read", "[launcher]") {
    {
        const told by_mpirun{{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "8"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}};
        const auto place = parallel::launched_place_of();
        REQUIRE(place);
        CHECK(place->rank == 3);
        CHECK(place->size == 8);
        CHECK(parallel::local_rank() == 1);
        CHECK(parallel::started_by_mpi());
        CHECK_FALSE(parallel::speaks_for_all());
    }
    {
        const told by_torchrun{{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "0"}};
        CHECK(parallel::launched_place_of()->size == 2);
        CHECK_FALSE(parallel::started_by_mpi());
        CHECK(parallel::speaks_for_all());
    }
    {
        const told by_srun{{"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "6"}, {"SLURM_LOCALID", "2"}};
        CHECK(parallel::launched_place_of()->rank == 5);
        CHECK(parallel::local_rank() == 2);
        CHECK_FALSE(parallel::started_by_mpi());
    }
    {
        // PMIx tells the rank alone: enough to know who speaks, not enough for a place.
        const told by_pmix{{"PMIX_RANK", "1"}};
        CHECK(parallel::started_by_mpi());
        CHECK_FALSE(parallel::speaks_for_all());
        CHECK_FALSE(parallel::launched_place_of());
    }
}

TEST_CASE("A launcher inside a job of SLURM is asked before SLURM", "[launcher]") {
    // Every process of mpirun in a job inherits the batch script's rank 0 of 1.
    const told both{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}, {"SLURM_LOCALID", "0"}, {"RANK", "2"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "2"}};
    CHECK(parallel::launched_place_of()->rank == 2);
    CHECK(parallel::launched_place_of()->size == 4);
    CHECK(parallel::local_rank() == 2);
    CHECK_FALSE(parallel::speaks_for_all());
    CHECK(parallel::launched_place_of(std::array{launcher::slurm})->size == 1);
}

TEST_CASE("Rank and number of processes come from one launcher", "[launcher]") {
    const told parts{{"RANK", "1"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}};
    CHECK(parallel::launched_place_of()->rank == 0);
}

TEST_CASE("Variables that hold no number are named", "[launcher]") {
    {
        const told wrong{{"RANK", "first"}, {"WORLD_SIZE", "2"}};
        CHECK_THROWS_WITH(parallel::launched_place_of(), Contains("environment, RANK: expected a whole number") && Contains("found 'first'"));
    }
    {
        const told wrong{{"RANK", "2"}, {"WORLD_SIZE", "2"}};
        CHECK_THROWS_WITH(parallel::launched_place_of(), Contains("RANK: expected a rank below the 2 processes of WORLD_SIZE, found 2"));
    }
    {
        const told wrong{{"SLURM_LOCALID", "-1"}};
        CHECK_THROWS_AS(parallel::local_rank(), verdant::input_error);
    }
    setenv("MASTER_PORT", "70000", 1);
    CHECK_THROWS_WITH(parallel::number_in_environment("MASTER_PORT", 65535), Contains("from 0 to 65535, found '70000'"));
    setenv("MASTER_PORT", "", 1);
    CHECK_THROWS_AS(parallel::number_in_environment("MASTER_PORT", 65535), verdant::input_error);
    unsetenv("MASTER_PORT");
}
