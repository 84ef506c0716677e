#include "fuzz.hpp"

#include <verdant/data/images/mnist_images.hpp>

#include <cstdio>
#include <fstream>

// Half of the bytes are the file of images, half that of labels; the first byte says where they part, in sixteenths.
VERDANT_FUZZ_TARGET(mnist) {
    struct folder {
        folder() {
            if (::mkdtemp(path.data()) == nullptr) fuzz::fail("no folder");
        }
        ~folder() {
            for (const auto* name : {"/t10k-images-idx3-ubyte", "/t10k-labels-idx1-ubyte"}) std::remove((path + name).c_str());
            ::rmdir(path.c_str());
        }
        void put(const char* name, fuzz::bytes content) const {
            std::ofstream{path + name, std::ios::binary}.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
        }
        std::string path = "/tmp/verdant-fuzz-XXXXXX";
    };
    static const folder at;
    if (data.empty()) return;
    const auto rest = data.subspan(1);
    const auto images = rest.size() * (data[0] % 17U) / 16;
    at.put("/t10k-images-idx3-ubyte", rest.first(images));
    at.put("/t10k-labels-idx1-ubyte", rest.subspan(images));
    const auto set = verdant::io::mnist_images::test(at.path);
    for (std::size_t i = 0; i < set.size(); ++i) {
        fuzz::require(set.label(i) >= 0 && set.label(i) < 10, "labels are below ten");
        static_cast<void>(set.image(i));
    }
}
