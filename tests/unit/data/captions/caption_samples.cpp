#include <verdant/data/captions/caption_samples.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <verdant/io/file/atomic_file.hpp>

namespace io = verdant::io;

TEST_CASE("halves of captioned images need a distance from one image to the next", "[io]") {
    const scratch_folder folder;
    io::write_file(folder.file("t.tsv"), "filepath\ttitle\na.jpg\tone\na.jpg\ttwo\nb.jpg\tthree\n");
    const auto all = io::caption_samples::of_table(folder.file("t.tsv"));
    const auto [first, rest] = all.split(2);
    CHECK((first.size() == 2 && rest.size() == 1));
    CHECK(all.split(1).second.size() == 0);
    CHECK_THROWS_WITH(all.split(0), "verdant: captions, every: expected 1 or more, found 0");
}
