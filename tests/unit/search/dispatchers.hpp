#pragma once

// Dispatchers and executors that the tests of searches share.

#include <verdant/random/stream.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace studies {

// An executor that begins at the end, to show that the order of evaluation means nothing.
struct backwards {
    std::size_t calls = 0;
    template <class Task>
    void operator()(std::size_t n, const Task& task) {
        ++calls;
        while (n > 0) task(--n);
    }
};

// A dispatcher as one to other processes is: jobs leave as bytes and come back as bytes, one at a time and in no order.
template <class Space, class Goals>
class by_mail {
public:
    void submit(std::span<const verdant::job<Space>> jobs, const verdant::evaluator_set<Space, Goals>& measure) {
        for (const auto& j : jobs) {
            letter sent{{}, &measure};
            std::memcpy(sent.bytes.data(), &j, sizeof j);
            letters_.push_back(sent);
        }
        most_pending = letters_.size() > most_pending ? letters_.size() : most_pending;
    }
    void collect(const verdant::completion_sink<Goals>& done) {
        if (letters_.empty()) return;
        std::swap(letters_[static_cast<std::size_t>(random_.below(letters_.size()))], letters_.back());
        const auto got = letters_.back();
        letters_.pop_back();
        verdant::job<Space> j;
        std::memcpy(&j, got.bytes.data(), sizeof j);
        verdant::outcome<Goals> out;
        got.measure->evaluate_one(j, out);
        if (got.measure->takes_batches()) got.measure->evaluate_batch({&j, 1}, {&out, 1});
        const auto numbers = out.values.si_values();
        done({j.number, {Goals::metrics_type::from_si_values(numbers), std::string{out.failure}}});
    }
    void cancel() { letters_.clear(); }
    std::size_t pending() const { return letters_.size(); }
    std::size_t workers() const { return 5; }

    std::size_t most_pending = 0;

private:
    struct letter {
        std::array<std::byte, sizeof(verdant::job<Space>)> bytes;
        const verdant::evaluator_set<Space, Goals>* measure;
    };
    std::vector<letter> letters_;
    verdant::random_stream random_{77};
};

} // namespace studies
