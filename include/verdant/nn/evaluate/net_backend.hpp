#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/latency_meter.hpp>
#include <verdant/nn/evaluate/measuring.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/net_state.hpp>

#include <c10/core/GradMode.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

/// LibTorch as a back end of measurements.
namespace verdant::nn {

/// A convolutional net in evaluation mode on a device of LibTorch.
/// @tparam Device    cpu or cuda<Index>
/// @tparam Precision of products: `amp` is what Accel-NASBench measures graphics cards with
template <convolutional_net Net, device_policy Device = cpu, precision_policy Precision = fp32>
class net_backend {
public:
    using batch_type = at::Tensor; ///< images [B, 3, S, S] on the device, see `place`

    /// @throws input_error if there is no such device
    explicit net_backend(const Net& net, at::MemoryFormat format = at::MemoryFormat::Contiguous)
        : device_{Device::device()}, format_{format}, net_{to(net, device_, Precision::weights)} {
        for_each_tensor(net_, [format](const std::string&, at::Tensor& t, bool) {
            if (t.dim() == 4) t = t.contiguous(format);
        });
    }

    /// Images as `run` takes them.
    [[nodiscard]] at::Tensor place(const at::Tensor& images) const { return images.to(device_, Precision::weights).contiguous(format_); }

    void run(const at::Tensor& images) {
        const c10::AutoGradMode off{false};
        const typename Precision::scope scope{device_};
        last_ = forward(net_, images, evaluating{});
    }
    void wait() const { wait_for(device_); }
    [[nodiscard]] std::string name() const { return device_name(device_); }
    [[nodiscard]] static std::int64_t images(const at::Tensor& batch) { return batch.size(0); }
    /// What the last run gave.
    [[nodiscard]] const at::Tensor& output() const noexcept { return last_; }

private:
    at::Device device_;
    at::MemoryFormat format_;
    Net net_;
    at::Tensor last_;
};

/// A runner of a partitioned measurement (asynchronous_runner) for back ends that run when they are asked to: a thread of its own does the jobs, one
/// after the other, while the one that submits them prepares the next ones.
template <measuring_backend Backend>
class queued_runner {
public:
    /// @param images as the back end takes them, of which jobs are slices
    queued_runner(Backend backend, at::Tensor images) : work_{std::make_unique<worker>(std::move(backend), std::move(images))} {}

    [[nodiscard]] std::future<void> submit(std::int64_t first, std::int64_t last) {
        std::packaged_task<void()> job{[w = work_.get(), first, last] {
            w->backend.run(w->images.slice(0, first, last));
            w->backend.wait();
        }};
        auto done = job.get_future();
        {
            const std::scoped_lock hold{work_->mutex};
            work_->jobs.push_back(std::move(job));
        }
        work_->wake.notify_one();
        return done;
    }
    static void collect(std::future<void> job) { job.get(); }

private:
    struct worker {
        Backend backend;
        at::Tensor images;
        std::mutex mutex;
        std::condition_variable wake;
        std::deque<std::packaged_task<void()>> jobs;
        bool stop = false;
        std::thread thread;

        worker(Backend b, at::Tensor i) : backend{std::move(b)}, images{std::move(i)}, thread{[this] { work(); }} {}
        worker(const worker&) = delete;
        worker& operator=(const worker&) = delete;
        ~worker() {
            {
                const std::scoped_lock hold{mutex};
                stop = true;
            }
            wake.notify_one();
            thread.join();
        }
        void work() {
            verdant::nn::detail::set_threads_here(1); // the threads of the measurement are the parallelism
            std::unique_lock hold{mutex};
            for (;;) {
                wake.wait(hold, [this] { return stop || !jobs.empty(); });
                if (jobs.empty()) return;
                auto job = std::move(jobs.front());
                jobs.pop_front();
                hold.unlock();
                job();
                hold.lock();
            }
        }
    };

    std::unique_ptr<worker> work_;
};

} // namespace verdant::nn
