#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/folder_mirror.hpp>
#include <verdant/io/file/read_file.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace io = verdant::io;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours never{1000};

/// What was reported, by whichever thread.
struct reports {
    std::mutex mutex;
    std::vector<std::string> texts;
    auto listener() {
        return [this](const std::string& text) {
            const std::lock_guard hold{mutex};
            texts.push_back(text);
        };
    }
    std::size_t size() {
        const std::lock_guard hold{mutex};
        return texts.size();
    }
};

/// Waits for what another thread does; half a minute at most.
template <class Condition>
bool eventually(const Condition& holds) {
    for (int i = 0; i < 3000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return holds();
}

} // namespace

TEST_CASE("a mirror has at the end what the folder has, and keeps what went", "[io]") {
    const scratch_folder folder;
    const auto from = folder.path / "run", to = folder.path / "remote" / "run";
    fs::create_directories(from / "checkpoints");
    io::write_file((from / "checkpoints" / "epoch_1.pt").string(), std::string(3'000'000, 'x'));
    io::write_file((from / "results.jsonl").string(), "one\n");
    io::write_file((from / "half.pt.part-1-0").string(), "half");
    reports told;
    {
        io::folder_mirror mirror{from, to, never, told.listener()};
        CHECK(mirror.finish());
    }
    CHECK(io::read_file((to / "checkpoints" / "epoch_1.pt").string()) == std::string(3'000'000, 'x'));
    CHECK(io::read_file((to / "results.jsonl").string()) == "one\n");
    CHECK_FALSE(fs::exists(to / "half.pt.part-1-0"));
    // The next run: one file has grown, one is another of the same size, one went, one is new.
    const auto before = fs::last_write_time(to / "results.jsonl");
    io::write_file((from / "results.jsonl").string(), "one\ntwo\n");
    io::write_file((from / "same").string(), "a");
    {
        io::folder_mirror mirror{from, to, never, told.listener()};
        CHECK(mirror.finish());
    }
    io::write_file((from / "same").string(), "b");
    fs::last_write_time(from / "same", before + std::chrono::hours{1});
    fs::remove(from / "checkpoints" / "epoch_1.pt");
    {
        io::folder_mirror mirror{from, to, never, told.listener()};
        CHECK(mirror.finish());
    }
    CHECK(io::read_file((to / "results.jsonl").string()) == "one\ntwo\n");
    CHECK(io::read_file((to / "same").string()) == "b");
    CHECK(fs::exists(to / "checkpoints" / "epoch_1.pt"));
    CHECK(told.size() == 0);
    // Nothing has changed, so nothing is written.
    const auto time = fs::last_write_time(to / "same");
    CHECK(io::folder_mirror{from, to, never, told.listener()}.finish());
    CHECK(fs::last_write_time(to / "same") == time);
}

TEST_CASE("a mirror copies while the program goes on", "[io]") {
    const scratch_folder folder;
    const auto from = folder.path / "run", to = folder.path / "remote";
    fs::create_directories(from);
    reports told;
    io::folder_mirror mirror{from, to, std::chrono::milliseconds{20}, told.listener()};
    for (const char* text : {"first", "the second"}) {
        io::write_file((from / "file").string(), text);
        CHECK(eventually([&] { return fs::exists(to / "file") && io::read_file((to / "file").string()) == text; }));
    }
    CHECK(mirror.finish());
    CHECK(told.size() == 0);
}

TEST_CASE("a copy that fails is told once, does not end the program, and is tried again", "[io]") {
    const scratch_folder folder;
    const auto from = folder.path / "run", to = folder.path / "remote";
    fs::create_directories(from);
    io::write_file((from / "file").string(), "content");
    io::write_file(to.string(), "a file where the folder should be");
    reports told;
    io::folder_mirror mirror{from, to, std::chrono::milliseconds{10}, told.listener()};
    REQUIRE(eventually([&] { return told.size() > 0; }));
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    CHECK(told.size() == 1);
    CHECK(told.texts.front().find("remote") != std::string::npos);
    fs::remove(to);
    CHECK(eventually([&] { return fs::exists(to / "file"); }));
    CHECK(mirror.finish());
    // A failure that lasts is the outcome.
    fs::remove_all(to);
    io::write_file(to.string(), "again");
    CHECK_FALSE(io::folder_mirror{from, to, never, told.listener()}.finish());
    CHECK(told.size() == 2);
    // A folder that is not there is one too; without `finish` nothing is copied.
    CHECK_FALSE(io::folder_mirror{folder.path / "nowhere", folder.path / "other", never, told.listener()}.finish());
    { const io::folder_mirror left{from, folder.path / "other", never, told.listener()}; }
    CHECK_FALSE(fs::exists(folder.path / "other"));
}
