#pragma once

#include <verdant/error.hpp>
#include <verdant/image/decode_image.hpp>
#include <verdant/image/image.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Data sets of images that lie in one folder for each class, as those of ImageNet do.
namespace verdant::io {

/// The places of Imagenette's ten classes among the 1000 of ImageNet, so that a network for all of these learns them (MOOFA, imagenette.py).
inline constexpr std::array<std::int64_t, 10> imagenette_labels{0, 217, 482, 491, 497, 566, 569, 571, 574, 701};
/// The classes of ImageNet's classifiers.
inline constexpr std::size_t imagenet_classes = 1000;

namespace detail {

#if defined(VERDANT_WITH_WEBP)
inline constexpr bool reads_webp = true;
#else
inline constexpr bool reads_webp = false;
#endif

/// Whether an entry is a link to nothing, as it is left of data that were moved or never fetched.
[[nodiscard]] inline bool dangles(const std::filesystem::directory_entry& e) {
    std::error_code none, there;
    return e.is_symlink(none) && !e.exists(there);
}

/// Paths of the files below a folder, from it on: those of the folder itself by their names, then those of each folder in it. Hidden ones are passed
/// over. Throws file_error, and input_error for folders within each other more than 16 deep, as links to a folder above are.
/// @param dangling links to nothing, likewise
inline void add_files_below(const std::string& folder, const std::string& below, std::vector<std::string>& files, std::vector<std::string>& dangling,
                            int depth = 0) {
    if (depth > 16) throw input_error{folder, below, "folders at most 16 deep", "more, or a link that leads back"};
    const auto here = below.empty() ? folder : folder + '/' + below;
    std::vector<std::string> own, inner;
    std::error_code failure;
    for (std::filesystem::directory_iterator i{here, failure}, end; !failure && i != end; i.increment(failure)) {
        std::error_code none;
        auto name = i->path().filename().string();
        if (name.starts_with('.')) continue;
        if (i->is_directory(none)) inner.push_back(std::move(name));
        else if (i->is_regular_file(none)) own.push_back(std::move(name));
        else if (dangles(*i)) dangling.push_back(below.empty() ? std::move(name) : below + '/' + name);
    }
    if (failure) throw file_error{here, "read the folder", failure.message()};
    std::sort(own.begin(), own.end());
    std::sort(inner.begin(), inner.end());
    const auto stem = below.empty() ? below : below + '/';
    for (const auto& name : own) files.push_back(stem + name);
    for (const auto& name : inner) add_files_below(folder, stem + name, files, dangling, depth + 1);
}

/// Names in a folder, sorted by their bytes; hidden ones are passed over. Throws file_error.
template <class Wanted>
[[nodiscard]] std::vector<std::string> sorted_names(const std::string& folder, const Wanted& wanted) {
    std::vector<std::string> names;
    std::error_code failure;
    for (std::filesystem::directory_iterator i{folder, failure}, end; !failure && i != end; i.increment(failure)) {
        auto name = i->path().filename().string();
        if (!name.starts_with('.') && wanted(*i)) names.push_back(std::move(name));
    }
    if (failure) throw file_error{folder, "read the folder", failure.message()};
    std::sort(names.begin(), names.end());
    return names;
}

[[nodiscard]] inline bool is_image_name(std::string_view name) {
    const auto ends_with = [name](std::string_view ending) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return name.size() > ending.size() && std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
                                                         [&](char a, char b) { return a == lower(b); });
    };
    return ends_with(".jpg") || ends_with(".jpeg") || ends_with(".png") || (reads_webp && ends_with(".webp"));
}

} // namespace detail

/// A folder with a folder of JPEG and PNG files for every class, as ImageNet and Imagenette are laid out: a labelled set of images
/// (nn::image_set). Classes and files are in the order of their names, those of folders inside a class behind its own. Files end with .jpg, .jpeg or
/// .png in any case, and .webp in a build with libwebp; others are passed over, and counted.
/// Files are opened and decoded when an image is asked for; only their names are held. Copies share them.
class image_folder {
public:
    /// @param labels  the label of each class in order; none: 0, 1, 2, ...
    /// @param classes of the classifier, above all labels; 0: as many as there are folders
    /// @throws file_error for a folder that cannot be read; input_error, which names the folder, where there are no classes or one has no image, and
    ///         for labels that do not fit
    explicit image_folder(const std::string& folder, std::span<const std::int64_t> labels = {}, std::size_t classes = 0) {
        namespace fs = std::filesystem;
        content all{.folder = folder};
        all.classes = verdant::io::detail::sorted_names(folder, [](const fs::directory_entry& e) {
            // Without its class, all classes behind it would have other labels.
            if (verdant::io::detail::dangles(e))
                throw file_error{e.path().string(), "open", "a link to nothing, where a folder of a class may be meant"};
            std::error_code none;
            return e.is_directory(none);
        });
        if (all.classes.empty()) throw input_error{folder, "", "a folder of images for every class", "none"};
        all.labels.assign(labels.begin(), labels.end());
        if (all.labels.empty())
            for (std::size_t c = 0; c < all.classes.size(); ++c) all.labels.push_back(static_cast<std::int64_t>(c));
        all.head = classes == 0 ? all.classes.size() : classes;
        if (all.labels.size() != all.classes.size())
            throw input_error{folder, "", std::to_string(all.labels.size()) + " folders of classes, one for each label",
                              std::to_string(all.classes.size())};
        for (const auto label : all.labels)
            if (label < 0 || static_cast<std::size_t>(label) >= all.head)
                throw input_error{folder, "label of a class", "less than the " + std::to_string(all.head) + " classes", std::to_string(label)};
        for (const auto& name : all.classes) {
            const auto class_folder = (fs::path{folder} / name).string();
            std::vector<std::string> files, dangling;
            verdant::io::detail::add_files_below(class_folder, "", files, dangling);
            all.first.push_back(all.files.size());
            std::size_t others = dangling.size();
            std::sort(dangling.begin(), dangling.end());
            for (const auto& file : dangling) all.other.add((fs::path{class_folder} / file).string() + ": a link to nothing");
            for (auto& file : files) {
                if (verdant::io::detail::is_image_name(file)) {
                    all.files.push_back(std::move(file));
                    continue;
                }
                ++others;
                all.other.add((fs::path{class_folder} / file).string() + ": no file that ends with " + std::string{readable_endings});
            }
            if (all.files.size() == all.first.back())
                throw input_error{class_folder, "", "images (" + std::string{readable_endings} + ")",
                                  others == 0 ? std::string{"none"}
                                              : "none, and " + std::to_string(others) + " other files, such as " +
                                                    (files.empty() ? dangling : files).front()};
        }
        all_ = std::make_shared<const content>(std::move(all));
    }

    [[nodiscard]] std::size_t size() const { return all_->files.size(); }
    [[nodiscard]] std::size_t classes() const { return all_->head; }
    [[nodiscard]] std::int64_t label(std::size_t i) const { return all_->labels[class_of(i)]; }
    /// @throws file_error, or input_error, which name the file, if it cannot be read or is no image
    [[nodiscard]] rgb_image image(std::size_t i) const { return read_image(path(i)); }
    [[nodiscard]] std::string path(std::size_t i) const {
        return (std::filesystem::path{all_->folder} / all_->classes[class_of(i)] / all_->files[i]).string();
    }
    /// Names of the folders of classes, in order.
    [[nodiscard]] const std::vector<std::string>& class_names() const { return all_->classes; }
    [[nodiscard]] const std::string& folder() const { return all_->folder; }
    /// Files in the folders of classes that are not taken for images.
    [[nodiscard]] const io::passed_over& passed_over() const { return all_->other; }

private:
    struct content {
        std::string folder;
        std::vector<std::string> classes{}, files{};
        std::vector<std::int64_t> labels{}; ///< of each class
        std::vector<std::size_t> first{}; ///< image of each class
        std::size_t head = 0;
        io::passed_over other{};
    };
#if defined(VERDANT_WITH_WEBP)
    static constexpr std::string_view readable_endings = ".jpg, .jpeg, .png or .webp";
#else
    static constexpr std::string_view readable_endings = ".jpg, .jpeg or .png; .webp takes a build with libwebp";
#endif

    [[nodiscard]] std::size_t class_of(std::size_t i) const {
        const auto& first = all_->first;
        return static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), i) - first.begin()) - 1;
    }

    std::shared_ptr<const content> all_;
};

/// The two halves of a data set.
struct image_folders {
    image_folder train, validation;
};

/// The folders `train` and `val` below `root`. @throws as image_folder does, and input_error where their classes differ, since labels go by order
template <class = instantiated_when_used>
[[nodiscard]] image_folders open_image_folders(const std::string& root, std::span<const std::int64_t> labels = {}, std::size_t classes = 0) {
    const auto below = [&root](const char* name) { return (std::filesystem::path{root} / name).string(); };
    image_folders both{image_folder{below("train"), labels, classes}, image_folder{below("val"), labels, classes}};
    const auto &train = both.train.class_names(), &validation = both.validation.class_names();
    const auto [ours, theirs] = std::mismatch(train.begin(), train.end(), validation.begin(), validation.end());
    if (ours != train.end() || theirs != validation.end())
        throw input_error{both.validation.folder(), "class " + std::to_string(ours - train.begin() + 1),
                          ours != train.end() ? "'" + *ours + "' as in " + both.train.folder() : "none, as in " + both.train.folder(),
                          theirs != validation.end() ? "'" + *theirs + "'" : "none"};
    return both;
}
VERDANT_DEFINED_ONCE(image_folders open_image_folders<>(const std::string&, std::span<const std::int64_t>, std::size_t));

} // namespace verdant::io
