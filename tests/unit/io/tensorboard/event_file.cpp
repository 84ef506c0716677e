#include <verdant/io/tensorboard/event_file.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace io = verdant::io;
using Catch::Contains;

namespace {

// A parser of its own: records with both checksums computed bit by bit, and messages field by field.
std::uint32_t slow_crc(std::string_view bytes) {
    std::uint32_t rest = ~0U;
    for (const char c : bytes) {
        rest ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i) rest = (rest & 1U) != 0 ? (rest >> 1U) ^ 0x82F63B78U : rest >> 1U;
    }
    return ~rest;
}
template <class T>
T number_at(std::string_view bytes, std::size_t at) {
    T value;
    REQUIRE(at + sizeof value <= bytes.size());
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}
std::vector<std::string> records_of(std::string_view bytes) {
    std::vector<std::string> all;
    const auto unmasked = [](std::uint32_t sum) {
        sum -= 0xa282ead8U;
        return (sum >> 17U) | (sum << 15U);
    };
    while (!bytes.empty()) {
        const auto length = static_cast<std::size_t>(number_at<std::uint64_t>(bytes, 0));
        REQUIRE(unmasked(number_at<std::uint32_t>(bytes, 8)) == slow_crc(bytes.substr(0, 8)));
        REQUIRE(unmasked(number_at<std::uint32_t>(bytes, 12 + length)) == slow_crc(bytes.substr(12, length)));
        all.emplace_back(bytes.substr(12, length));
        bytes.remove_prefix(16 + length);
    }
    return all;
}
using fields = std::multimap<unsigned, std::string>; // bytes of each; numbers as theirs
fields fields_of(std::string_view bytes) {
    fields all;
    const auto varint = [&bytes] {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            REQUIRE((!bytes.empty() && shift < 64));
            const auto byte = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 127U) << shift;
            if (byte < 128) return value;
        }
    };
    while (!bytes.empty()) {
        const auto key = varint();
        std::size_t length = 0;
        if (key % 8 == 0) {
            const auto value = varint();
            all.emplace(key / 8, std::string(reinterpret_cast<const char*>(&value), sizeof value));
            continue;
        }
        length = key % 8 == 1 ? 8 : key % 8 == 5 ? 4 : key % 8 == 2 ? static_cast<std::size_t>(varint()) : 0;
        REQUIRE((length > 0 && length <= bytes.size()));
        all.emplace(key / 8, std::string{bytes.substr(0, length)});
        bytes.remove_prefix(length);
    }
    return all;
}
const std::string& one(const fields& of, unsigned field) {
    REQUIRE(of.count(field) == 1);
    return of.find(field)->second;
}
std::int64_t step_of(const fields& event) { return event.count(2) == 0 ? 0 : number_at<std::int64_t>(one(event, 2), 0); }

} // namespace

TEST_CASE("checksums are CRC32C", "[io]") {
    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    std::string rising, falling;
    for (int i = 0; i < 32; ++i) rising += static_cast<char>(i), falling += static_cast<char>(31 - i);
    REQUIRE(io::crc32c(std::string(32, '\0')) == 0x8A9136AAU);
    REQUIRE(io::crc32c(std::string(32, '\xFF')) == 0x62A8AB43U);
    REQUIRE(io::crc32c(rising) == 0x46DD794EU);
    REQUIRE(io::crc32c(falling) == 0x113FDB5CU);
    REQUIRE(io::crc32c("123456789") == 0xE3069283U);
    REQUIRE(io::crc32c("") == 0);
}

TEST_CASE("an event file holds what was logged", "[io]") {
    const scratch_folder folder;
    const auto before = static_cast<double>(time(nullptr));
    std::string path;
    {
        io::event_file log{folder.file("a/b"), {.goes_on_at = 300, .flush = 0}};
        path = log.path();
        log.scalar("loss/train", 0.1, 300);
        log.scalar("rate", std::numeric_limits<double>::quiet_NaN(), std::int64_t{1} << 40);
        log.text("command", "--lr `0.1`\n", 301);
        REQUIRE(records_of(io::read_file(path)).size() == 5); // each at once
    }
    REQUIRE_THAT(std::filesystem::path{path}.filename().string(), Contains("events.out.tfevents.") && Contains(std::to_string(getpid())));
    const auto records = records_of(io::read_file(path));
    REQUIRE(records.size() == 5);
    for (const auto& r : records) {
        const auto wall = number_at<double>(one(fields_of(r), 1), 0);
        REQUIRE((wall >= before && wall <= static_cast<double>(time(nullptr)) + 1));
    }
    REQUIRE(one(fields_of(records[0]), 3) == "brain.Event:2");
    REQUIRE(step_of(fields_of(records[0])) == 0);
    REQUIRE(step_of(fields_of(records[1])) == 300);
    REQUIRE(number_at<std::uint64_t>(one(fields_of(one(fields_of(records[1]), 7)), 1), 0) == 1); // SessionLog.START

    const auto value_of = [&](std::size_t record) { return fields_of(one(fields_of(one(fields_of(records[record]), 5)), 1)); };
    REQUIRE(step_of(fields_of(records[2])) == 300);
    REQUIRE(one(value_of(2), 1) == "loss/train");
    REQUIRE(number_at<float>(one(value_of(2), 2), 0) == 0.1F);
    REQUIRE(step_of(fields_of(records[3])) == std::int64_t{1} << 40);
    REQUIRE(std::isnan(number_at<float>(one(value_of(3), 2), 0)));
    REQUIRE(one(value_of(4), 1) == "command");
    const auto tensor = fields_of(one(value_of(4), 8));
    REQUIRE(number_at<std::uint64_t>(one(tensor, 1), 0) == 7);
    REQUIRE(one(tensor, 8) == "--lr `0.1`\n");
    REQUIRE(one(fields_of(one(fields_of(one(value_of(4), 9)), 1)), 1) == "text");
}

TEST_CASE("events are held for some seconds, and written at the end", "[io]") {
    const scratch_folder folder;
    std::string path;
    {
        io::event_file log{folder.file("run"), {.flush = 1000}};
        io::event_file other{folder.file("run")}; // of the same second: a file of its own
        path = log.path();
        REQUIRE(other.path() != path);
        for (int i = 0; i < 10; ++i) log.scalar("loss", i, i);
        REQUIRE(records_of(io::read_file(path)).size() == 1);
        log.flush();
        REQUIRE(records_of(io::read_file(path)).size() == 11);
        log.scalar("loss", 10, 10);
    }
    REQUIRE(records_of(io::read_file(path)).size() == 12);
}

TEST_CASE("times between writes that are none are refused, and tags are UTF-8", "[io]") {
    const scratch_folder folder;
    for (const double flush : {-1.0, std::numeric_limits<double>::quiet_NaN()})
        REQUIRE_THROWS_WITH(io::event_file(folder.file("run"), {.flush = flush}), Contains("event file, flush: expected 0 or more seconds, found "));
    io::event_file log{folder.file("run"), {.flush = 0}};
    log.scalar("lo\xff"
               "ss",
               1, 1);
    REQUIRE_THAT(io::read_file(log.path()), Contains("lo\xEF\xBF\xBDss") && !Contains("\xff"
                                                                                      "ss"));
}

TEST_CASE("a folder that cannot be made is refused", "[io]") {
    const scratch_folder folder;
    io::write_file(folder.file("file"), "");
    REQUIRE_THROWS_AS(io::event_file(folder.file("file/below")), verdant::file_error);
    REQUIRE_THROWS_AS(io::event_file(folder.file("file")), verdant::file_error);
    REQUIRE_THROWS_AS(io::event_file(""), verdant::file_error);
}

namespace {

// Reads with Google's protocol buffers (Debian's python3-protobuf), by the fields that TensorFlow's event.proto and summary.proto have.
constexpr const char* reader = R"(
import struct, sys
try:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError:
    sys.exit(7)
F = descriptor_pb2.FieldDescriptorProto
file = descriptor_pb2.FileDescriptorProto(name='event.proto', package='t', syntax='proto3')
def message(name, *fields):
    m = file.message_type.add(name=name)
    for field, number, kind in fields:
        f = m.field.add(name=field, number=number, label=F.LABEL_REPEATED if kind[0] == '*' else F.LABEL_OPTIONAL)
        kind = kind.lstrip('*')
        if kind[0] == '.': f.type, f.type_name = F.TYPE_MESSAGE, kind
        else: f.type = getattr(F, 'TYPE_' + kind)
message('Dim', ('size', 1, 'INT64'))
message('Shape', ('dim', 2, '*.t.Dim'))
message('Tensor', ('dtype', 1, 'INT32'), ('tensor_shape', 2, '.t.Shape'), ('string_val', 8, '*BYTES'))
message('PluginData', ('plugin_name', 1, 'STRING'))
message('Metadata', ('plugin_data', 1, '.t.PluginData'))
message('Value', ('tag', 1, 'STRING'), ('simple_value', 2, 'FLOAT'), ('tensor', 8, '.t.Tensor'), ('metadata', 9, '.t.Metadata'))
message('Summary', ('value', 1, '*.t.Value'))
message('SessionLog', ('status', 1, 'INT32'))
message('Event', ('wall_time', 1, 'DOUBLE'), ('step', 2, 'INT64'), ('file_version', 3, 'STRING'), ('summary', 5, '.t.Summary'), ('session_log', 7, '.t.SessionLog'))
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
Event = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName('t.Event'))
def crc(data):
    c = 0xffffffff
    for b in data:
        c ^= b
        for _ in range(8): c = (c >> 1) ^ (0x82f63b78 if c & 1 else 0)
    c ^= 0xffffffff
    return (((c >> 15) | (c << 17)) + 0xa282ead8) & 0xffffffff
data, out = open(sys.argv[1], 'rb').read(), open(sys.argv[2], 'w')
while data:
    length, = struct.unpack('<Q', data[:8])
    assert struct.unpack('<I', data[8:12])[0] == crc(data[:8])
    body = data[12:12 + length]
    assert struct.unpack('<I', data[12 + length:16 + length])[0] == crc(body)
    data = data[16 + length:]
    e = Event.FromString(body)
    assert e.wall_time > 1e9 and len(e.UnknownFields()) == 0
    if e.file_version: print('version', e.file_version, file=out)
    if e.HasField('session_log'): print('restart', e.step, e.session_log.status, file=out)
    for v in e.summary.value:
        if v.HasField('tensor'): print('text', e.step, v.tag, v.metadata.plugin_data.plugin_name, v.tensor.dtype, v.tensor.tensor_shape.dim[0].size, v.tensor.string_val[0].decode(), file=out)
        else: print('scalar', e.step, v.tag, v.simple_value, file=out)
)";

} // namespace

TEST_CASE("an event file is read by Google's protocol buffers", "[io][peer]") {
    const scratch_folder folder;
    io::write_file(folder.file("read.py"), reader);
    std::string path;
    {
        io::event_file log{folder.file("run"), {.goes_on_at = 5}};
        path = log.path();
        log.scalar("loss/train", 0.25, 5);
        log.scalar("accuracy", -1e30, 70000);
        log.text("settings", "a **b**", 6);
    }
    const auto status = std::system(("/usr/bin/python3 '" + folder.file("read.py") + "' '" + path + "' '" + folder.file("out") + '\'').c_str());
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 7 || WEXITSTATUS(status) == 127)) {
        WARN("skipped: there is no python3-protobuf");
        return;
    }
    REQUIRE(status == 0);
    REQUIRE(io::read_file(folder.file("out")) == "version brain.Event:2\nrestart 5 1\nscalar 5 loss/train 0.25\nscalar 70000 accuracy "
                                                 "-1.0000000150474662e+30\ntext 6 settings text 7 1 a **b**\n");
}
