// Every process that mpirun started, and each for itself, obeys the laws of communicators.

#include "laws/communicator.hpp"

#include <verdant/nn/processes/mpi_communicator.hpp>

#include <cstdio>
#include <string>

int main() {
    const verdant::nn::mpi_session session;
    const verdant::nn::mpi_communicator all, alone{MPI_COMM_SELF};
    int broken = 0;
    for (const auto& law : {laws::broken_communicator_law(all), laws::broken_communicator_law(alone)}) {
        if (law.empty()) continue;
        ++broken;
        std::printf("process %d of %d breaks: %s\n", all.rank(), all.size(), law.c_str());
    }
    std::printf("process %d of %d: %s\n", all.rank(), all.size(), broken == 0 ? "all laws kept" : "laws broken");
    return broken;
}
