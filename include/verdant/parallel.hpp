#pragma once

/// The room parallel/. Executors, pools of threads, how a process was launched.

#include <verdant/parallel/executor.hpp>
#include <verdant/parallel/interrupts.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/parallel/thread_pool.hpp>
