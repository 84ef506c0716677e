// `moofa train`: a teacher, then all phases of progressive shrinking.
#pragma once

#include "../terminal/stop_together.hpp"
#include "job.hpp"
#include "trainer.hpp"

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/shrinking_phase.hpp>

#include <algorithm>
#include <concepts>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace moofa {

/// What is to be trained.
struct training_task {
    bool teacher = true;
    std::vector<supernet::shrinking_phase> phases{}; ///< of the configuration, in order; empty where only the teacher is asked for
    std::vector<supernet::shrinking_phase> wanted{}; ///< of these
};

/// @throws input_error where configuration and options do not fit together
inline training_task task_of(const job& j) {
    const auto& o = j.o;
    const bool teacher_only = o.task == "teacher";
    training_task out{.teacher = o.task.empty() || teacher_only};
    const auto normal = [](const std::string& path) { return (fs::path{path} / "").lexically_normal(); };
    if (normal(j.c.args.path) == normal(j.c.args.teacher_path) && !j.c.args.path.empty())
        throw vd::input_error{j.c.source, "args.teacher_path", "another folder than args.path", j.c.args.teacher_path};
    if (!teacher_only) {
        out.phases = phases_of(j.c, o.epochs);
        if (out.phases.empty()) throw vd::input_error{j.c.source, "tasks", "at least one of kernel, depth, expand", "none"};
        out.wanted = out.phases;
    }
    if (!o.task.empty() && !teacher_only) {
        const auto task = task_named(o.task);
        if (o.phase == 0 && j.c.phases.contains(*task) && j.c.phases.at(*task) > 1)
            throw vd::input_error{"--phase", "", "which of the " + std::to_string(j.c.phases.at(*task)) + " phases of " + o.task, "nothing"};
        out.wanted = {phase_of(j.c, *task, std::max(1, o.phase), o.epochs)};
    } else if (o.phase != 0) throw vd::input_error{"--task", "", "kernel, depth or expand beside --phase", o.task.empty() ? "nothing" : o.task};
    if (out.teacher) static_cast<void>(j.c.settings_of("teacher"));
    return out;
}

/// What is there already is left as it is.
template <class Space>
supernet::phase_end train_all(trainer<Space>& t, const training_task& task, bool first) {
    using enum supernet::phase_end;
    if (task.teacher) {
        if (t.teacher_is_trained()) {
            if (first) std::printf("teacher: %s is there\n", t.teacher_weights().c_str());
        } else if (t.train_teacher() == stopped) return stopped;
    }
    for (const auto& p : task.wanted) {
        if (fs::exists(t.weights_of(p))) {
            if (first) std::printf("%s: %s is there\n", name_of(p).c_str(), t.weights_of(p).c_str());
            continue;
        }
        auto before = t.teacher_weights();
        for (const auto& earlier : task.phases)
            if (earlier.task < p.task || (earlier.task == p.task && earlier.phase < p.phase)) before = t.weights_of(earlier);
        if (t.train_phase(p, before) == stopped) return stopped;
    }
    return finished;
}

template <class Space>
int train(const job& j, const processes& all) {
    if constexpr (std::same_as<Space, spaces::comp_ofa>)
        throw vd::input_error{j.c.source, "args.model", "a supernet that progressive shrinking trains; CompOFA is trained by another scheme",
                              "CompOFA"};
    const bool first = all.rank() == 0;
    const auto task = task_of(j);
    const auto t = agreed(all, [&] {
        auto made = std::make_unique<trainer<Space>>(j, all);
        if (task.teacher) made->check_teacher();
        for (const auto& p : task.wanted) made->check_phase(p);
        if (first) made->begin();
        return made;
    });
    if (first) {
        std::printf("%s on %s in %d process%s\n", j.c.args.model.c_str(), j.c.args.dataset.c_str(), all.size(), all.size() == 1 ? "" : "es");
        std::fflush(stdout);
    }
    if (train_all(*t, task, first) == supernet::phase_end::stopped) {
        if (terminal::any_asked(all)) throw terminal::stopped("moofa", "the same command goes on", all.rank());
        if (first) std::printf("stopped; the same command goes on\n");
        return 0;
    }
    if (first) std::printf("in %s\n", (task.phases.empty() ? t->teacher_folder() : t->folder()).c_str());
    return 0;
}

} // namespace moofa
