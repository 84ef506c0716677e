#pragma once

#include <array>

/// The phases of progressive shrinking, as Once-for-all and MOOFA have them.
namespace verdant::supernet {

/// What becomes elastic next in progressive shrinking. Widths are elastic in residual spaces only.
enum class shrinking_task : unsigned char { kernel, depth, expand, width };

/// One phase of progressive shrinking: some of the values of one choice are opened after all those before it are trained (Cai et al., ICLR 2020).
struct shrinking_phase {
    shrinking_task task = shrinking_task::kernel;
    int phase = 1;  ///< from 1
    int phases = 1; ///< of this task
    int epochs = 120;
    double learning_rate = 3e-3; ///< for one process; multiplied by their number
    int warmup_epochs = 5;
    double warmup_rate = 3e-3; ///< where the warm-up starts
    int subnets = 1;           ///< sub-networks whose gradients one step adds

    friend constexpr bool operator==(const shrinking_phase&, const shrinking_phase&) = default;
};

/// How the teacher of the memory-optimised supernets is trained before them: the largest network by itself, see `largest_subnet` and `learn_labels`
/// (moofa, configs/train.yaml).
inline constexpr shrinking_phase moofa_teacher{shrinking_task::kernel, 1, 1, 180, 3e-2, 0, 3e-3, 1};

/// The phases of the memory-optimised supernets (moofa, configs/train.yaml).
inline constexpr std::array<shrinking_phase, 5> moofa_phases{{{shrinking_task::kernel, 1, 1, 120, 3e-3, 5, 3e-3, 1},
                                                              {shrinking_task::depth, 1, 2, 25, 2.5e-4, 0, 2.5e-3, 2},
                                                              {shrinking_task::depth, 2, 2, 120, 7.5e-4, 5, 7.5e-5, 2},
                                                              {shrinking_task::expand, 1, 2, 25, 2.5e-4, 0, 2.5e-5, 4},
                                                              {shrinking_task::expand, 2, 2, 120, 2.5e-4, 5, 7.5e-5, 4}}};

/// The phases of Once-for-all (ofa, train_ofa_net.py).
inline constexpr std::array<shrinking_phase, 5> ofa_phases{{{shrinking_task::kernel, 1, 1, 120, 3e-2, 5, 3e-2, 1},
                                                            {shrinking_task::depth, 1, 2, 25, 2.5e-3, 0, 2.5e-3, 2},
                                                            {shrinking_task::depth, 2, 2, 120, 7.5e-3, 5, 7.5e-3, 2},
                                                            {shrinking_task::expand, 1, 2, 25, 2.5e-3, 0, 2.5e-3, 4},
                                                            {shrinking_task::expand, 2, 2, 120, 7.5e-3, 5, 7.5e-3, 4}}};

} // namespace verdant::supernet
