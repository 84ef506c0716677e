#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>

TEST_CASE("any bytes are read back, whatever their number", "[io]") {
    const scratch_folder folder;
    verdant::random_stream random{1};
    for (const std::size_t size : {0U, 1U, 16383U, 16384U, 16385U, 100000U}) {
        std::string bytes(size, ' ');
        for (auto& c : bytes) c = static_cast<char>(random.below(256));
        verdant::io::write_file(folder.file("bytes"), bytes);
        CHECK(verdant::io::read_file(folder.file("bytes")) == bytes);
    }
}
