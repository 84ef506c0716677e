// What a data set of images is told by, so that nothing goes on with another one.
#pragma once

#include <verdant/data/images/image_folder.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/text/sha512.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace terminal {

/// What a data set is told by, computed where it is first asked for.
class data_digest {
public:
    explicit data_digest(std::function<std::string()> compute) : compute_{std::move(compute)} {}
    [[nodiscard]] const std::string& operator()() const {
        if (!known_) known_ = compute_();
        return *known_;
    }

private:
    std::function<std::string()> compute_;
    mutable std::optional<std::string> known_{};
};

namespace detail {

inline void add_image(verdant::sha512& all, const verdant::nn::any_image_set& images, std::size_t i) {
    const auto image = images.image(i);
    all.add({reinterpret_cast<const char*>(image.pixels().data()), image.pixels().size()});
}
/// As it lies in its file, since decoders differ in their last digits.
inline void add_image(verdant::sha512& all, const verdant::io::image_folder& images, std::size_t i) {
    all.add(verdant::io::read_file(images.path(i)));
}

} // namespace detail

/// What a data set is told by, wherever its folder is: all labels and, of each half, all images of a small one and some of others. The first 16 digits of their SHA-512.
/// @tparam Set whose copies share their images
template <class Set>
data_digest digest_of_images(Set train, Set test) {
    return data_digest{[train = std::move(train), test = std::move(test)] {
        constexpr std::size_t small = 4096, most = 16;
        verdant::sha512 all;
        for (const auto* images : {&train, &test}) {
            std::string labels = std::to_string(images->size()) + ' ' + std::to_string(images->classes());
            for (std::size_t i = 0; i < images->size(); ++i) labels += ' ' + std::to_string(images->label(i));
            all.add(labels + '\n');
            const auto looked_at = images->size() <= small ? images->size() : most;
            for (std::size_t i = 0; i < looked_at; ++i) try {
                    detail::add_image(all, *images, i * images->size() / looked_at);
                } catch (const verdant::error&) { all.add("damaged\n"); }
        }
        return all.hex().substr(0, 16);
    }};
}

} // namespace terminal
