#include <verdant/error.hpp>
#include <verdant/space/text.hpp>
#include <verdant/tabular/record_table.hpp>
#include <verdant/tabular/target_rows.hpp>

#include "catch.hpp"
#include "unit/tabular/toy_space.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace verdant;
using namespace verdant::tabular;
using test_tabular::toy;

namespace {

constexpr const char* text = "throughput_npu_std,result_id,kernel,excite,width,val_top1,split,split_pos,throughput_npu_mean,macs_M\n"
                             "0.5,30,3,1,8,60.5,val,1,100,1.25\n"
                             ",20,5,0,32,70,train,4,,2.5\n"
                             "2,10,5,1,16,65,val_dev,0,250.5,2\n";

record_table<toy> read(std::string_view from, unknown_columns unknown = unknown_columns::refuse) {
    return parse_record_table<toy>(from, "t.csv", open_schema(), unknown);
}

std::string changed(std::string from, std::string to) {
    std::string out = text;
    const auto at = out.find(from);
    REQUIRE(at != out.npos);
    return out.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("A table of records is read in any order of columns", "[tabular]") {
    const auto t = read(text);
    REQUIRE(t.records.size() == 3);
    CHECK(t.records[0].id == 30);
    CHECK(t.records[0].architecture == parse_point<toy>("width=8 kernel=3 excite=true"));
    CHECK(*t.records[0].find("throughput_npu") == recorded_metric{"throughput_npu", 100, 0.5, "images/s"});
    CHECK(*t.records[0].find("macs") == recorded_metric{"macs", 1.25, {}, "1e6"});
    CHECK(t.records[1].find("throughput_npu") == nullptr);
    CHECK(t.records[1].architecture == parse_point<toy>("width=32 kernel=5 excite=false"));
    CHECK(t.split_names() == std::vector<std::string>{"val", "train", "val_dev"});
    constexpr std::array<std::string_view, 2> both{"val", "val_dev"};
    CHECK(t.split(both) == std::vector<std::size_t>{2, 0}); // by position
    CHECK(t.split("train") == std::vector<std::size_t>{1});
    CHECK_THROWS_WITH(t.split("test"),
                      Catch::Contains("t.csv, column 'split': expected records of the split 'test', found only val, train, val_dev"));
    CHECK(t.metric_names() == std::vector<std::string>{"val_top1", "throughput_npu", "macs"});

    const auto words = read("width,kernel,excite\n8,3,True\n16,5,false\n");
    CHECK(words.records[0].architecture == parse_point<toy>("width=8 kernel=3 excite=true"));
    CHECK(words.records[1].id == 1);
    CHECK(words.splits.empty());
    CHECK_THROWS_WITH(words.split("train"), Catch::Contains("no such column"));
}

TEST_CASE("A table of records is written and read back", "[tabular]") {
    const auto t = read(text);
    const auto again = read(record_table_text(t));
    CHECK(again.splits == t.splits);
    CHECK(again.split_positions == t.split_positions);
    REQUIRE(again.records.size() == t.records.size());
    for (std::size_t i = 0; i < t.records.size(); ++i) {
        CHECK(again.records[i].architecture == t.records[i].architecture);
        CHECK(again.records[i].id == t.records[i].id);
        for (const auto& m : t.records[i].metrics) CHECK(*again.records[i].find(m.name) == m);
        CHECK(again.records[i].metrics.size() == t.records[i].metrics.size());
    }
    CHECK(record_table_text(again) == record_table_text(t));
    auto odd = t;
    odd.records[0].set({"colour", 3, {}, ""});
    CHECK_THROWS_WITH(record_table_text(odd), Catch::Contains("colour"));
    auto short_of_one = t;
    short_of_one.splits.pop_back();
    CHECK_THROWS_WITH(record_table_text(short_of_one),
                      Catch::Contains("splits: expected one for each of " + std::to_string(t.records.size()) + " records, or none"));
    short_of_one = t;
    short_of_one.split_positions.push_back(1);
    CHECK_THROWS_WITH(record_table_text(short_of_one), Catch::Contains("split_positions: expected one for each of"));
}

TEST_CASE("What is wrong in a table of records is refused by line and column", "[tabular]") {
    const auto refused = [](const std::string& from, const std::string& said) {
        INFO(from);
        CHECK_THROWS_WITH(read(from), Catch::Contains("t.csv") && Catch::Contains(said));
        CHECK_THROWS_AS(read(from), input_error);
    };
    refused(changed(",8,", ",9,"), "line 2, width: expected one of 8, 16, 32, found '9'");
    refused(changed(",8,", ",,"), "line 2, width: expected one of 8, 16, 32, found ''");
    refused(changed("0,32", "2,32"), "line 3, excite: expected one of true, false, found '2'");
    refused(changed("kernel", "kernle"), "a column 'kernel'");
    refused(changed("macs_M", "macs_m"), "did you mean 'macs_M'?");
    refused(changed("60.5", "nan"), "line 2, column 'val_top1': expected a number from 0 to 100, found nan");
    refused(changed("60.5", "160.5"), "line 2, column 'val_top1': expected a number from 0 to 100, found 160.5");
    refused(changed("60.5", "x"), "line 2, column 'val_top1': expected a number, found 'x'");
    refused(changed(",100,", ",0,"), "line 2, column 'throughput_npu_mean': expected a number above 0, found 0");
    refused(changed(",100,", ",inf,"), "line 2, column 'throughput_npu_mean'");
    refused(changed(",100,", ",,"), "line 2, column 'throughput_npu_std': expected a mean beside the standard deviation, found none");
    refused(changed("\n,20", "\n,30"), "line 3: expected each result_id once, found 30 as in line 2");
    refused(changed("\n,20", "\n,2.5"), "line 3, column 'result_id': expected a whole number from 0 on, found '2.5'");
    // 2^53 + 1 reads like 2^53.
    refused(changed("\n,20", "\n,9007199254740993"), "line 3, column 'result_id': expected a whole number from 0 on, found '9007199254740993'");
    refused(changed("throughput_npu_mean", "throughput_cpu_mean"), "a column 'throughput_npu_mean'");
    const auto other = changed("macs_M", "colour");
    refused(other, "columns of records, found another, 'colour'");
    CHECK(read(other, unknown_columns::pass_over).passed_over == std::vector<std::string>{"colour"});
}

TEST_CASE("Rows that lack a target are left out and counted", "[tabular]") {
    const auto t = read(text);
    constexpr std::array<std::size_t, 3> all{0, 1, 2};
    const auto rows = rows_of(t, all, "throughput_npu");
    CHECK(rows.lacking == 1);
    CHECK(rows.records == std::vector<std::size_t>{0, 2});
    CHECK(rows.y == std::vector<double>{100, 250.5});
    CHECK(rows.unit == "images/s");
    CHECK(rows.x == std::vector<float>{0, 0, 0, 1, 1, 0}); // indices in the domains
    CHECK(rows.features()[1][1] == 1);
    CHECK(rows_of(t, all, "acc").target == "val_top1");
    CHECK_THROWS_WITH(rows_of(t, all, "throughput_nqu"), Catch::Contains("did you mean 'throughput_npu'?"));
    constexpr std::array<std::size_t, 1> second{1};
    CHECK_THROWS_WITH(rows_of(t, second, "throughput_npu"), Catch::Contains("none of 1"));
}

TEST_CASE("Deviations of all metrics are written and read back, and a unit that no column tells is refused", "[tabular]") {
    auto t = read(text);
    t.records[0].set({"val_top1", 60.5, 0.25, "%"});
    t.records[1].set({"macs", 2.5, 0.5, "1e6"});
    const auto written = record_table_text(t);
    CHECK(written.find("val_top1,val_top1_std") != written.npos);
    CHECK(written.find("macs_M,macs_M_std") != written.npos);
    auto again = read(written);
    again.source = t.source;
    CHECK(again.records == t.records);

    t.records[0].set({"throughput_npu", 0.1, {}, "images/ms"});
    CHECK_THROWS_WITH(record_table_text(t), Catch::Contains("record 30, throughput_npu: expected a number in images/s, found one in 'images/ms'"));
    t.records[0].set({"throughput_npu", 100, {}, ""}); // in that of its name
    CHECK_NOTHROW(record_table_text(t));
    constexpr std::array<std::size_t, 3> all{0, 1, 2};
    t.records[2].set({"val_top1", 0.65, {}, "1"});
    CHECK_THROWS_WITH(rows_of(t, all, "val_top1"), Catch::Contains("record 10: expected a number in '%', as those before it, found one in '1'"));
}
