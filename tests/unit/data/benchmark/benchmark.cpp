#include <verdant/data/benchmark/benchmark_datasets.hpp>
#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/benchmark_table.hpp>

#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace io = verdant::io;

namespace {

io::benchmark_result result(std::string dataset, std::string model, std::string task, std::vector<std::pair<std::string, double>> metrics) {
    return {.dataset = std::move(dataset),
            .model = std::move(model),
            .pretrained = "w",
            .task = std::move(task),
            .language = "en",
            .metrics = std::move(metrics)};
}

} // namespace

TEST_CASE("the data sets of the benchmark and its parts", "[io]") {
    const std::set<std::string_view> all{io::benchmark_datasets.begin(), io::benchmark_datasets.end()};
    CHECK(all.size() == 40);
    for (const auto name : all) CHECK(name.starts_with("wds/"));
    CHECK(io::dataset_collection("carbonnaas").size() == 40);
    CHECK(io::dataset_collection("retrieval") == std::vector<std::string>{"wds/mscoco_captions", "wds/flickr8k", "wds/flickr30k"});
    CHECK(io::dataset_collection("imagenet").front() == "wds/imagenet1k");
    CHECK(io::dataset_collection("imagenet").back() == "wds/objectnet");
    CHECK(io::dataset_collection("vtab").size() == 20);
    for (const auto& name : io::dataset_collection("vtab")) CHECK(name.starts_with("wds/vtab/"));
    CHECK(io::dataset_collection("mine").empty());
    CHECK(io::bare_dataset_name("wds/vtab/dtd") == "vtab/dtd");
    CHECK(io::bare_dataset_name("mine") == "mine");
}

TEST_CASE("a list of data sets", "[io]") {
    CHECK(io::parse_dataset_list("# mine\n wds/a \r\n\nb\n", "list") == std::vector<std::string>{"wds/a", "b"});
    CHECK_THROWS_WITH(io::parse_dataset_list("#\n \n", "list.txt"), Catch::Contains("list.txt"));
}

TEST_CASE("templates of names", "[io]") {
    CHECK(io::fill_template("{a}/x{b}{a}", {{"a", "{b}"}, {"b", "2"}}, "--output") == "{b}/x2{b}");
    CHECK(io::fill_template("plain", {}, "--output") == "plain");
    for (const char* wrong : {"{c}", "{a", "a}", "{}"})
        CHECK_THROWS_WITH(io::fill_template(wrong, {{"a", "1"}}, "--output"), Catch::Contains("--output"));
    CHECK(io::with_replaced("vtab/a/b", '/', '-') == "vtab-a-b");
}

TEST_CASE("results survive their files", "[io]") {
    const scratch_folder folder;
    auto one = result("wds/x", "m", "zeroshot_classification", {{"acc1", 0.1}, {"acc5", std::numeric_limits<double>::quiet_NaN()}});
    one.class_names = {"a", "b \"c\""};
    one.templates = {"a {c}"};
    io::write_benchmark_result(folder.file("r.json"), one);
    const auto back = io::read_benchmark_result(folder.file("r.json"));
    CHECK(back.dataset == "wds/x");
    CHECK(back.pretrained == "w");
    CHECK(back.language == "en");
    CHECK(back.class_names == one.class_names);
    CHECK(back.templates == one.templates);
    REQUIRE(back.metrics.size() == 2);
    CHECK(*back.metric("acc1") == 0.1);
    CHECK(std::isnan(*back.metric("acc5")));
    CHECK(back.metric("acc") == nullptr);
    CHECK(io::to_json(one)["metrics"]["acc5"].is_null());
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    one.metrics = {{"high", infinity}, {"low", -infinity}};
    io::write_benchmark_result(folder.file("r.json"), one);
    CHECK(io::read_benchmark_result(folder.file("r.json")).metrics == one.metrics);
    CHECK_FALSE(io::to_json(back).contains("model_fullname"));
}

TEST_CASE("results of the original are read, NaN and all", "[io]") {
    const auto read = [](const char* text) { return io::parse_benchmark_result(text, "r.json"); };
    const auto r = read(R"({"dataset": "wds/NaN \"NaN", "model": "Infinity\\", "pretrained": "p", "task": "t", "language": "fr",
        "metrics": {"acc1": 0.25, "acc5": NaN, "x": -Infinity, "normalized": true}})");
    CHECK(r.dataset == "wds/NaN \"NaN");
    CHECK(r.model == "Infinity\\");
    CHECK(r.language == "fr");
    CHECK(r.metrics.size() == 4);
    CHECK(*r.metric("normalized") == 1);
    CHECK(std::isnan(*r.metric("acc5")));
    CHECK(*r.metric("x") == -std::numeric_limits<double>::infinity());
    for (const char* wrong : {"", "[]", "{}", R"({"dataset": 1})", R"({"dataset": "d", "model": "m", "pretrained": "p", "task": "t"})",
                              R"({"dataset": "d", "model": "m", "pretrained": "p", "task": "t", "metrics": []})",
                              R"({"dataset": "d", "model": "m", "pretrained": "p", "task": "t", "metrics": {)"})
        CHECK_THROWS_WITH(read(wrong), Catch::Contains("r.json"));
}

TEST_CASE("one table of many results, and back", "[io]") {
    const std::vector<io::benchmark_result> results{
        result("d, 1", "m", "zeroshot_classification", {{"acc5", std::numeric_limits<double>::quiet_NaN()}, {"acc1", 0.1}}),
        result("d2", "n", "zeroshot_retrieval", {{"text_retrieval_recall@1", 0.5}, {"image_retrieval_recall@1", 0.25}})};
    const auto table = io::benchmark_table(results);
    CHECK(io::csv_text(table) == "dataset,model,pretrained,model_fullname,task,language,acc1,acc5,image_retrieval_recall@1,text_retrieval_recall@1\n"
                                 "\"d, 1\",m,w,m w,zeroshot_classification,en,0.1,,,\n"
                                 "d2,n,w,n w,zeroshot_retrieval,en,,,0.25,0.5\n");
    const auto back = io::results_of(io::parse_csv(io::csv_text(table), "b.csv"));
    REQUIRE(back.size() == 2);
    CHECK(back[0].dataset == "d, 1");
    CHECK(back[0].metrics.size() == 1);
    CHECK(*back[1].metric("image_retrieval_recall@1") == 0.25);
    CHECK_THROWS_WITH(io::results_of(io::parse_csv("dataset,model,pretrained,task,acc1\na,b,c,d,much\n", "b.csv")), Catch::Contains("line 2"));
    CHECK_THROWS_WITH(io::results_of(io::parse_csv("dataset,model\na,b\n", "b.csv")), Catch::Contains("pretrained"));
    const auto truth = io::results_of(io::parse_csv("dataset,model,pretrained,task,normalized\na,b,c,d,False\n", "b.csv"));
    CHECK(*truth.front().metric("normalized") == 0);
    CHECK(io::results_of(io::parse_csv("acc1,task,pretrained,model,dataset\n1,t,p,m,d\n", "b.csv")).front().language == "en");
}

TEST_CASE("settings are kept, and tell models of one name apart", "[io]") {
    auto whole = result("d", "m", "zeroshot_classification", {{"acc1", 0.5}}), pruned = whole, old = whole;
    whole.settings = {{"split", "test"}, {"model.vocabulary", "v.txt"}};
    pruned.settings = {{"split", "test"}, {"text-layers", "2"}, {"importance", "a folder/of x=1"}};
    pruned.metrics[0].second = 0.25;
    const auto read = io::parse_benchmark_result(io::to_json(pruned).dump(), "pruned.json");
    CHECK(read.settings == pruned.settings);
    CHECK(io::to_json(old).dump().find("settings") == std::string::npos);
    CHECK(io::model_variant(whole) == io::model_fullname(old));
    CHECK(io::model_variant(pruned) == "m w [text-layers=2 importance=a folder/of x=1]");
    const auto found = io::average(std::vector{whole, pruned});
    REQUIRE(found.by_model.rows.size() == 2);
    CHECK(found.by_model.rows[0] == std::vector<std::string>{"m w", "1", "0.5"});
    CHECK(found.by_model.rows[1][1] == "1");
    const std::vector mixed{old, pruned};
    const auto table = io::benchmark_table(mixed);
    CHECK(table.columns[6] == "settings");
    const auto back = io::results_of(table);
    CHECK(back[0].settings.empty());
    CHECK(io::settings_text(back[1]) == io::settings_text(pruned));
    CHECK(io::average(back).by_model.rows == io::average(mixed).by_model.rows);
}

TEST_CASE("averages, computed by hand", "[io]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(*io::headline_value(result("d", "m", "t", {{"acc1", 0.5}, {"mean_average_precision", 0.1}})) == 0.5);
    CHECK(*io::headline_value(result("d", "m", "t", {{"acc1", nan}, {"image_retrieval_recall@1", 0.25}, {"text_retrieval_recall@1", 0.75}})) == 0.5);
    CHECK(*io::headline_value(result("d", "m", "t", {{"image_retrieval_recall@1", 0.25}, {"mean_average_precision", 0.1}})) == 0.1);
    CHECK_FALSE(io::headline_value(result("d", "m", "t", {{"lp_acc1", 1}})).has_value());

    const std::vector<io::benchmark_result> results{
        result("b", "m", "zeroshot_classification", {{"acc1", 0.25}}),
        result("a", "m", "zeroshot_classification", {{"acc1", 0.75}}),
        result("r", "m", "zeroshot_retrieval", {{"image_retrieval_recall@1", 0.5}, {"text_retrieval_recall@1", 1}}),
        result("a", "k", "zeroshot_classification", {{"acc1", 1}}),
        result("a", "k", "linear_probe", {{"lp_acc1", 0}}),
        result("v", "k", "zeroshot_classification", {{"mean_average_precision", 0.5}})};
    const auto found = io::average(results);
    CHECK(io::csv_text(found.by_model) == "model_fullname,count,mean\nk w,2,0.75\nm w,3,0.5833333333333334\n");
    CHECK(io::csv_text(found.by_model_and_task) ==
          "model_fullname,task,count,mean\nk w,zeroshot_classification,2,0.75\nm w,zeroshot_classification,2,0.5\nm w,zeroshot_retrieval,1,0.75\n");
    CHECK(io::csv_text(found.by_dataset) == "model_fullname,a,b,r,v\nk w,1,,,0.5\nm w,0.75,0.25,0.75,\n");
    CHECK(io::average({}).by_model.rows.empty());
}
