#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/systolic.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a systolic array's double buffers fetch from DRAM and write there, as SCALE-Sim v2 simulates it where no DRAM bandwidth is given: the array
/// never waits, and the bandwidth that this takes is reported (scalesim/memory/read_buffer_estimate_bw.py and write_buffer.py). It has no closed
/// form: buffers are walked through request by request.
namespace verdant::hardware {

/// Buffers beside a systolic array.
struct systolic_buffers {
    std::int64_t input_words = 0;
    std::int64_t filter_words = 0;
    std::int64_t output_words = 0;
    std::int64_t first_fetch_words = 10; ///< a cycle, of the first fill of an input buffer; SCALE-Sim's own number
};

/// Accesses of DRAM for one operand, and the cycles of the first and the last.
struct dram_use {
    std::int64_t accesses = 0;
    busy_span span;

    /// Words a cycle while it is in use.
    [[nodiscard]] constexpr double bandwidth() const { return static_cast<double>(accesses) / static_cast<double>(span.last - span.first + 1); }
};

/// Of the three operands.
struct systolic_dram {
    dram_use inputs, filters, outputs;
};

namespace detail {

enum class systolic_operand : unsigned char { inputs, filters, outputs };

/// Calls `request(cycle, address)` for each number of an operand, in the order in which the edge of the array asks for it. Addresses begin at 0.
template <class Request>
void each_request(const hardware::systolic_convolution& layer, const hardware::systolic_array& a, hardware::systolic_dataflow f,
                  systolic_operand operand, Request&& request) {
    using flow = hardware::systolic_dataflow;
    const auto p = hardware::product_of(layer);
    const auto s = hardware::folding_of(p, a, f);
    const auto input = [&](std::int64_t cycle, std::int64_t pixel, std::int64_t at) {
        if (!layer.reads(pixel, at)) return;
        const auto row = pixel / layer.output_width() * layer.stride + at / (layer.kernel_width * layer.channels);
        const auto column = pixel % layer.output_width() * layer.stride;
        request(cycle, (row * layer.width + column) * layer.channels + at % (layer.kernel_width * layer.channels));
    };
    const auto filter = [&](std::int64_t cycle, std::int64_t at, std::int64_t number) { request(cycle, number * p.window + at); };
    const auto output = [&](std::int64_t cycle, std::int64_t pixel, std::int64_t number) { request(cycle, pixel * p.filters + number); };
    for (std::int64_t fold = 0; fold < s.folds(); ++fold) {
        const std::int64_t row = fold % s.row_folds * a.rows, column = fold / s.row_folds * a.columns, begin = fold * s.fold_cycles;
        const std::int64_t rows = std::min(a.rows, s.rows - row), columns = std::min(a.columns, s.columns - column);
        // `lanes` streams of `length`, each a cycle after the one before
        const auto streamed = [&](std::int64_t first, std::int64_t length, std::int64_t lanes, auto&& number) {
            for (std::int64_t step = 0; step < length + lanes - 1; ++step)
                for (std::int64_t lane = std::max<std::int64_t>(0, step - length + 1); lane < std::min(lanes, step + 1); ++lane)
                    number(begin + first + step, step - lane, lane);
        };
        // the rows of what stays, from the far end
        const auto filled = [&](auto&& number) {
            for (std::int64_t r = rows - 1; r >= 0; --r)
                for (std::int64_t c = 0; c < columns; ++c) number(begin + a.rows - 1 - r, r, c);
        };
        const bool weights = f == flow::weight_stationary;
        if (f == flow::output_stationary) {
            if (operand == systolic_operand::inputs) streamed(0, s.streamed, rows, [&](auto cycle, auto t, auto r) { input(cycle, row + r, t); });
            else if (operand == systolic_operand::filters)
                streamed(0, s.streamed, columns, [&](auto cycle, auto t, auto c) { filter(cycle, t, column + c); });
            else
                streamed(s.streamed - 1 + a.rows - rows, rows, columns,
                         [&](auto cycle, auto t, auto c) { output(cycle, row + rows - 1 - t, column + c); });
        } else if (operand == systolic_operand::outputs)
            streamed(2 * a.rows - 1, s.streamed, columns,
                     [&](auto cycle, auto t, auto c) { weights ? output(cycle, t, column + c) : output(cycle, column + c, t); });
        else if ((operand == systolic_operand::inputs) == weights)
            streamed(a.rows, s.streamed, rows, [&](auto cycle, auto t, auto r) { weights ? input(cycle, t, row + r) : filter(cycle, row + r, t); });
        else filled([&](auto cycle, auto r, auto c) { weights ? filter(cycle, row + r, column + c) : input(cycle, column + c, row + r); });
    }
}

/// A read buffer of a hundred sets of words, half of them in use and half filled meanwhile: a word is fetched where no set in use has it. When as
/// many new sets as are in use have come together, the older half is given up.
class systolic_read_buffer {
public:
    systolic_read_buffer(std::int64_t words, std::int64_t addresses, std::int64_t first_fetch)
        : set_words_{words / 100}, first_fetch_{first_fetch}, set_of_(static_cast<std::size_t>(addresses), -1) {}

    void request(std::int64_t cycle, std::int64_t address) {
        if (first_request_ < 0) first_request_ = cycle;
        auto& in = set_of_[static_cast<std::size_t>(address)];
        if (in >= oldest_) return;
        in = set_;
        ++fetched_;
        if (++in_set_ < set_words_) return;
        in_set_ = 0;
        if (++set_ < oldest_ + half) return;
        if (!filled_) {
            use_.span.first = first_request_ - (half * set_words_ + first_fetch_ - 1) / first_fetch_;
            filled_ = true;
        }
        oldest_ += half;
        next_end_ = cycle;
    }

    /// The last sets are fetched by the cycle in which the one before was complete; a response takes a cycle.
    [[nodiscard]] hardware::dram_use finished() {
        use_.accesses = fetched_;
        if (!filled_) {
            const std::int64_t sets = set_ + (in_set_ > 0 ? 1 : 0);
            use_.span = {0 - (sets * set_words_ + first_fetch_ - 1) / first_fetch_, -1};
        } else use_.span.last = next_end_ + 1;
        return use_;
    }

private:
    static constexpr std::int64_t half = 50;
    std::int64_t set_words_, first_fetch_;
    std::vector<std::int64_t> set_of_; ///< the last set that each address came into
    std::int64_t set_ = 0, in_set_ = 0, oldest_ = 0, fetched_ = 0, first_request_ = -1, next_end_ = -1;
    bool filled_ = false;
    hardware::dram_use use_{};
};

/// A write buffer that gives half of itself away in lines as wide as the array when it is more than half full. Lines that are cut short count as
/// whole ones, but for the last of each time, as SCALE-Sim counts them.
class systolic_write_buffer {
public:
    systolic_write_buffer(std::int64_t words, std::int64_t line) : words_{words}, drained_{words - (words + 1) / 2}, line_{line}, free_{words} {}

    void request(std::int64_t cycle) {
        if (open_ == 0) lines_.push_back(0);
        ++lines_.back();
        if (++open_ == line_) open_ = 0;
        --free_;
        if (cycle != asked_) asked_ = now_ = cycle;
        if (now_ < drain_end_) {
            if (free_ <= 0) now_ = drain_end_;
            return;
        }
        if (free_ >= words_ - drained_) return;
        open_ = 0;
        drain(now_);
        now_ = drain_end_;
    }

    /// The rest goes when the array is done, even where lines from before are still on their way; the span ends with the last line.
    [[nodiscard]] hardware::dram_use finished(std::int64_t cycle) {
        open_ = 0;
        for (; next_ < lines_.size(); cycle = drain_end_ + 1) drain(cycle);
        return use_;
    }

private:
    void drain(std::int64_t cycle) {
        const auto most = static_cast<std::size_t>((drained_ + line_ - 1) / line_), end = std::min(next_ + most, lines_.size());
        const auto count = static_cast<std::int64_t>(end - next_);
        const std::int64_t words = count * line_ - (line_ - lines_[end - 1]);
        if (use_.accesses == 0) use_.span.first = cycle;
        drain_end_ = cycle + count - 1;
        use_.span.last = drain_end_;
        use_.accesses += words;
        free_ += words;
        next_ = end;
    }

    std::int64_t words_, drained_, line_, free_;
    std::vector<std::int64_t> lines_; ///< words of each
    std::size_t next_ = 0;
    std::int64_t open_ = 0, drain_end_ = 0, asked_ = -1, now_ = -1; ///< `now_`: the cycle in which the requests of one cycle are
    hardware::dram_use use_{};
};

} // namespace detail

/// Accesses of DRAM for a convolution.
/// @throws input_error if array, convolution or buffers are not well formed: a buffer to read from holds at least 100 words, one to write to 2
[[nodiscard]] inline systolic_dram systolic_dram_of(const systolic_convolution& layer, const systolic_array& a, systolic_dataflow f,
                                                    const systolic_buffers& buffers) {
    const auto p = product_of(layer);
    const auto s = folding_of(p, a, f);
    if (buffers.input_words < 100 || buffers.filter_words < 100 || buffers.output_words < 2 || buffers.first_fetch_words < 1)
        throw input_error{"systolic buffers", "", "at least 100 words to read from, 2 to write to, and a word a cycle",
                          std::to_string(buffers.input_words) + ", " + std::to_string(buffers.filter_words) + ", " +
                              std::to_string(buffers.output_words) + ", " + std::to_string(buffers.first_fetch_words)};
    detail::systolic_read_buffer inputs{buffers.input_words, layer.height * layer.width * layer.channels, buffers.first_fetch_words},
        filters{buffers.filter_words, p.window * p.filters, buffers.first_fetch_words};
    detail::systolic_write_buffer outputs{buffers.output_words, a.columns};
    using detail::systolic_operand;
    detail::each_request(layer, a, f, systolic_operand::inputs, [&](std::int64_t cycle, std::int64_t at) { inputs.request(cycle, at); });
    detail::each_request(layer, a, f, systolic_operand::filters, [&](std::int64_t cycle, std::int64_t at) { filters.request(cycle, at); });
    detail::each_request(layer, a, f, systolic_operand::outputs, [&](std::int64_t cycle, std::int64_t) { outputs.request(cycle); });
    return {inputs.finished(), filters.finished(), outputs.finished(s.folds() * s.fold_cycles - 1)};
}

} // namespace verdant::hardware
