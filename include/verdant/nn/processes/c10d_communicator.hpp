#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>

#include <string>
#include <utility>
#include <vector>

namespace verdant::nn {

/// The processes of a group of c10d, PyTorch's own engine, with whatever backend the group was made with (Gloo, NCCL, MPI, UCC). Making the
/// group is the program's part, since its headers depend on how LibTorch was built: with Debian's, ProcessGroupGloo.hpp needs libgloo-dev
/// and the macros USE_DISTRIBUTED and USE_C10D_GLOO.
/// @tparam Group `c10d::ProcessGroup`, or one backend such as `c10d::ProcessGroupGloo`, which since LibTorch 2 is no longer derived from it
template <class Group = c10d::ProcessGroup>
class c10d_communicator {
public:
    /// @throws error if there is no group
    explicit c10d_communicator(c10::intrusive_ptr<Group> group) : group_{std::move(group)} {
        if (!group_) throw error{"a communicator needs a process group"};
    }

    [[nodiscard]] int rank() const { return group_->getRank(); }
    [[nodiscard]] int size() const { return group_->getSize(); }

    void all_reduce(at::Tensor& t) const {
        std::vector<at::Tensor> tensors{t.detach()};
        group_->allreduce(tensors)->wait();
    }

    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const {
        std::vector<at::Tensor> mine{t.detach().contiguous()};
        std::vector<std::vector<at::Tensor>> all(1);
        for (int i = 0; i < size(); ++i) all[0].push_back(at::empty_like(mine[0]));
        group_->allgather(all, mine)->wait();
        return at::cat(all[0]);
    }

    void broadcast(at::Tensor& t, int root) const {
        std::vector<at::Tensor> tensors{t.detach()};
        c10d::BroadcastOptions options;
        options.rootRank = root;
        group_->broadcast(tensors, options)->wait();
    }

    void barrier() const { group_->barrier()->wait(); }

private:
    c10::intrusive_ptr<Group> group_;
};

} // namespace verdant::nn
