// anb search
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "data.hpp"
#include "models.hpp"

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/plot/point_groups.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/json.hpp>
#include <verdant/study/kept_session.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/tabular/epoch_log.hpp>
#include <verdant/tabular/epoch_search.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

/// What is maximised, as its surrogate has it; of the second, what is to be small has its sign changed.
struct first_metric : vd::metric<"first"> {};
struct second_metric : vd::metric<"second"> {};

/// `target_reward` of a second metric whose sign may have been changed.
struct signed_target_reward {
    static constexpr std::size_t objectives = 2;
    static constexpr bool first_is_maximized = true;

    double target = 1, exponent = 0.07;
    bool smaller_is_better = false;
    using described = vd::members<vd::member<"target", &signed_target_reward::target>, vd::member<"exponent", &signed_target_reward::exponent>,
                                  vd::member<"smaller_is_better", &signed_target_reward::smaller_is_better>>;

    void check(std::string_view source) const { plain().check(source); }
    [[nodiscard]] double operator()(std::span<const vd::objective_value> values) const {
        const std::array<vd::objective_value, 2> shown{
            values[0], {smaller_is_better ? -values[1].value : values[1].value, !smaller_is_better, values[1].metric}};
        return plain()(shown);
    }

private:
    [[nodiscard]] vd::target_reward plain() const { return {.target = target, .exponent = exponent}; }
};

/// The surrogates that a search asks, and how their answers are shown.
class searched_models {
public:
    struct objective {
        vd::tabular::target_model model;
        bool maximized;
        [[nodiscard]] double sign() const { return maximized ? 1 : -1; }
        [[nodiscard]] std::string label() const { return model.target() + (model.unit().empty() ? "" : " [" + model.unit() + ']'); }
    };

    explicit searched_models(std::vector<objective> all) : all_{std::move(all)} {
        // Refuses surrogates of other spaces, whose features would mean something else.
        for (const auto& o : all_) static_cast<void>(vd::tabular::source_of<mnasnet>(o.model));
    }
    [[nodiscard]] const std::vector<objective>& objectives() const noexcept { return all_; }

    /// A record of metrics a point, from one call of each surrogate.
    template <class Record>
    [[nodiscard]] std::vector<Record> measure(std::span<const vd::point<mnasnet>> points) const {
        std::vector<float> features(points.size() * vd::parameter_count<mnasnet>);
        const auto rows = vd::surrogate::index_features(points, std::span{features});
        std::vector<std::vector<double>> values(all_.size(), std::vector<double>(points.size()));
        for (std::size_t o = 0; o < all_.size(); ++o) {
            all_[o].model.predict(rows, values[o]);
            for (auto& v : values[o]) v *= o == 0 ? 1 : all_[o].sign();
        }
        std::vector<Record> out;
        for (std::size_t i = 0; i < points.size(); ++i)
            if constexpr (Record::template has<second_metric>) out.emplace_back(values[0][i], values[1][i]);
            else out.emplace_back(values[0][i]);
        return out;
    }

private:
    std::vector<objective> all_;
};

/// Searches the space by surrogates.
struct search_command {
    static constexpr const char* name = "search";
    static constexpr const char* about =
        "searches networks by what surrogates say of them: tables of all epochs and designs, the front, a picture; goes on where it was stopped";

    std::string model, model_target, second, second_target, trees, algorithm = "evolution", direction, out = "results/anb_search";
    std::size_t evaluations = 600;
    std::uint64_t seed = 1;
    double target = std::numeric_limits<double>::quiet_NaN();

    void add_options(CLI::App& app) {
        app.add_option("--model", model, "a surrogate of what is maximised, such as the accuracy: what fit wrote, or a model of XGBoost's")
            ->check(terminal::path())
            ->required();
        app.add_option("--model_target", model_target, "what a model of XGBoost's predicts, such as acc");
        app.add_option("--second", second, "a surrogate of a second objective, such as a throughput or a latency")->check(terminal::path());
        app.add_option("--second_target", second_target, "what a model of XGBoost's predicts there, such as throughput_a100");
        add_trees(app, trees);
        app.add_option("--direction", direction,
                       "of the second objective: max or min; where it is not given, min for latency, energy, train_time, macs and params")
            ->check(CLI::IsMember({"max", "min"}));
        app.add_option("--target", target,
                       "reinforce with a second objective: the value of that from which on it is worth more than it costs, in its unit")
            ->check(terminal::positive());
        app.add_option("--algorithm", algorithm,
                       "random, evolution (regularized; 20 members, 10 drawn), reinforce (LSTM controller), local, tpe, nsga2 (two objectives)")
            ->check(CLI::IsMember({"random", "evolution", "reinforce", "local", "tpe", "nsga2"}))
            ->capture_default_str();
        app.add_option("--evaluations", evaluations, "how many different networks are asked for")->capture_default_str();
        app.add_option("--seed", seed, "of the search")->capture_default_str();
        app.add_option("--out", out, "the folder of the results; a search that is there goes on")->check(terminal::path())->capture_default_str();
        terminal::explain_stop(app, "the epoch under way");
    }

    [[nodiscard]] int run() const {
        vd::require_count("anb search", "--evaluations", evaluations, 1);
        std::vector<searched_models::objective> objectives;
        objectives.push_back({load_model(model, model_target, trees_of(model), "--model_target"), true});
        if (smaller_is_better(objectives[0].model.target()))
            throw vd::input_error{"anb search", "--model", "a surrogate of something of which more is better; give others as --second",
                                  objectives[0].model.target()};
        if (!second.empty()) {
            auto other = load_model(second, second_target, trees_of(second), "--second_target");
            if (other.target() == objectives[0].model.target())
                throw vd::input_error{"anb search", "--second", "a surrogate of another metric than --model", other.target()};
            const bool up = direction.empty() ? !smaller_is_better(other.target()) : direction == "max";
            objectives.push_back({std::move(other), up});
        } else if (!direction.empty() || !second_target.empty()) {
            throw vd::input_error{"anb search", direction.empty() ? "--second_target" : "--direction", "a second objective, --second", "none"};
        }
        if (!std::isnan(target) && (algorithm != "reinforce" || second.empty()))
            throw vd::input_error{"anb search", "--target", "reinforce with a second objective", algorithm + (second.empty() ? " with one" : "")};
        const searched_models models{std::move(objectives)};
        if (second.empty()) return run_goals<vd::maximize<first_metric>>(models);
        return run_goals<vd::maximize<first_metric>, vd::maximize<second_metric>>(models);
    }

private:
    /// Of a model of XGBoost's, beside which the other surrogate may be what fit wrote.
    [[nodiscard]] std::string trees_of(const std::string& path) const {
        const bool both = second.empty() || (std::filesystem::is_directory(model) && std::filesystem::is_directory(second));
        return std::filesystem::is_directory(path) && !both ? std::string{} : trees;
    }
    [[nodiscard]] static bool smaller_is_better(std::string_view of) {
        return of.starts_with("latency") || of.starts_with("energy") || of == "train_time" || of == "macs" || of == "params";
    }

    template <vd::goal_like... G>
    [[nodiscard]] int run_goals(const searched_models& models) const {
        using vd::tabular::log_form;
        constexpr bool two = sizeof...(G) == 2;
        if (algorithm == "random") return run_study<vd::search<mnasnet, G..., vd::random_search>>(models, {.batch = 6}, log_form::random);
        if (algorithm == "evolution") {
            using policy = vd::regularized_evolution<>;
            return run_study<vd::search<mnasnet, G..., policy>>(models, {.batch = 1, .optimizer = policy::published()}, log_form::evolution);
        }
        if (algorithm == "local") return run_study<vd::search<mnasnet, G..., vd::local_search>>(models, {.batch = 1}, log_form::evolution);
        if (algorithm == "tpe") return run_study<vd::search<mnasnet, G..., vd::tpe>>(models, {.batch = 1}, log_form::evolution);
        if (algorithm == "nsga2") {
            if constexpr (two)
                return run_study<vd::search<mnasnet, G..., vd::nsga2<>>>(models, {.batch = 20, .optimizer = {.population = 20}}, log_form::random);
            else throw vd::input_error{"anb search", "--algorithm nsga2", "a second objective, --second", "none"};
        }
        if constexpr (two) {
            using policy = vd::reinforce<signed_target_reward>;
            if (std::isnan(target)) throw vd::input_error{"anb search", "--target", "a value of the second objective, in its unit", "none"};
            return run_study<vd::search<mnasnet, G..., policy>>(
                models, {.batch = 6, .optimizer = {.reward = {.target = target, .smaller_is_better = !models.objectives()[1].maximized}}},
                log_form::controller);
        } else return run_study<vd::search<mnasnet, G..., vd::reinforce<>>>(models, {.batch = 6}, log_form::controller);
    }

    template <class Study>
    [[nodiscard]] int run_study(const searched_models& models, typename Study::options options, vd::tabular::log_form form) const {
        using session_type = typename Study::session_type;
        using record = typename session_type::metrics_type;
        options.trials = evaluations;
        options.seed = seed;
        terminal::make_folder(out);
        vd::sqlite_storage storage{out + "/study.db"};
        vd::kept_session<Study> session{storage, options};
        require_its_surrogates<record>(session.trials(), models);
        const auto earlier = epochs_of_earlier_run(out + "/designs.csv");
        vd::tabular::log_columns columns;
        for (const auto& o : models.objectives()) {
            columns.names.push_back(o.model.target());
            columns.factors.push_back(columns.names.size() == 1 ? 1 : o.sign());
        }
        vd::tabular::epoch_log<mnasnet, typename session_type::goals_type> log{form, vd::tabular::reference_compat::off, columns};
        {
            terminal::progress progress{"search", static_cast<double>(evaluations), terminal::in_logs::minutes};
            if (!session.trials().empty()) progress.skip(static_cast<double>(session.trials().size()));
            vd::tabular::run_epochs(
                session, [&](std::span<const vd::point<mnasnet>> points) { return models.template measure<record>(points); }, evaluations,
                options.batch, log,
                [&](const auto& s) {
                    progress.at(static_cast<double>(s.trials().size()));
                    return !terminal::stop_asked();
                },
                earlier);
        }
        const auto result = session.result();
        vd::io::write_file(out + "/epochs.csv", with_fields_of_earlier_run(log.epoch_table(), out + "/epochs.csv"));
        vd::io::write_file(out + "/designs.csv", log.design_table());
        vd::io::write_file(out + "/front.json", front_json(models, result).dump(1) + '\n');
        vd::io::write_file(out + "/search.svg", picture(models, result));
        print(models, result);
        if (terminal::stop_asked())
            throw terminal::stopped("anb search", "the same command goes on after " + std::to_string(result.trials().size()) + " networks");
        return 0;
    }

    /// Throws input_error where a study that goes on was not of these surrogates and directions: it keeps what they said, and neither names nor files.
    template <class Record, class Trial>
    void require_its_surrogates(const std::vector<Trial>& trials, const searched_models& models) const {
        constexpr double rounding = 1e-6; // of other processors
        std::vector<vd::point<mnasnet>> points;
        for (const auto& t : trials) points.push_back(t.point);
        if (points.empty()) return;
        const auto now = models.template measure<Record>(points);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const auto values = now[i].si_values();
            for (std::size_t o = 0; o < values.size(); ++o) {
                const auto before = -trials[i].objectives[o];
                if (!trials[i].completed() || std::abs(values[o] - before) <= rounding * std::abs(before)) continue;
                const auto& target_of = models.objectives()[o].model.target();
                throw vd::input_error{"anb search", "--out " + out, "a search by these surrogates, in these directions, or a folder without one",
                                      "one by others: " + target_of + " of network " + std::to_string(trials[i].number) + " was " +
                                          vd::rounded_text(before, 6) + ", and is " + vd::rounded_text(values[o], 6)};
            }
        }
    }

    /// How many networks the epochs of an earlier run had, from its table of designs.
    [[nodiscard]] static std::vector<std::size_t> epochs_of_earlier_run(const std::string& designs) {
        std::vector<std::size_t> sizes;
        if (!std::filesystem::exists(designs)) return sizes;
        std::istringstream rows{vd::io::read_file(designs)};
        std::string row, epoch;
        std::getline(rows, row); // names
        while (std::getline(rows, row)) {
            const auto now = row.substr(0, row.find(','));
            if (sizes.empty() || now != epoch) sizes.push_back(0);
            epoch = now;
            ++sizes.back();
        }
        return sizes;
    }

    /// Baselines and losses of epochs before a stop are in the table of that run alone: its rows stay where they say the same and more.
    [[nodiscard]] static std::string with_fields_of_earlier_run(const std::string& table, const std::string& earlier) {
        if (!std::filesystem::exists(earlier)) return table;
        std::istringstream now{table}, before{vd::io::read_file(earlier)};
        std::string out, row, old;
        while (std::getline(now, row)) {
            if (!std::getline(before, old)) old.clear();
            const auto said = row.substr(0, row.find_last_not_of(',') + 1);
            out += (old.starts_with(said + ',') ? old : row) + '\n';
        }
        return out;
    }

    /// What an objective of a trial is as it is shown.
    template <class Trial>
    [[nodiscard]] static double shown(const searched_models& models, const Trial& t, std::size_t o) {
        return -t.objectives[o] * (o == 0 ? 1 : models.objectives()[o].sign());
    }

    template <class Result>
    [[nodiscard]] nlohmann::ordered_json front_json(const searched_models& models, const Result& result) const {
        nlohmann::ordered_json all{
            {"algorithm", algorithm}, {"seed", seed}, {"evaluations", result.trials().size()}, {"objectives", nlohmann::ordered_json::array()}};
        for (const auto& o : models.objectives())
            all["objectives"].push_back({{"target", o.model.target()}, {"unit", o.model.unit()}, {"direction", o.maximized ? "max" : "min"}});
        all["front"] = nlohmann::ordered_json::array();
        for (const auto& t : result.front()) {
            nlohmann::ordered_json one{{"trial", t.number}};
            for (std::size_t o = 0; o < models.objectives().size(); ++o) one[models.objectives()[o].model.target()] = shown(models, t, o);
            one["architecture"] = vd::point_json(t.point);
            all["front"].push_back(std::move(one));
        }
        return all;
    }

    template <class Result>
    [[nodiscard]] std::string picture(const searched_models& models, const Result& result) const {
        const auto& objectives = models.objectives();
        const auto title = algorithm + ", " + std::to_string(result.trials().size()) + " networks, seed " + std::to_string(seed);
        vd::plot::point_groups_options options{.radius = 2.5};
        if (result.trials().size() > 1000) options.picture.tooltips = vd::plot::tooltips::hidden;
        std::vector<vd::plot::point_group> groups(2);
        if (objectives.size() == 1) {
            groups[0].name = "networks";
            groups[1] = {"the best so far", {}, vd::plot::joined::yes};
            double best = -std::numeric_limits<double>::infinity();
            for (const auto& t : result.trials()) {
                const auto v = shown(models, t, 0);
                groups[0].points.push_back({static_cast<double>(t.number + 1), v});
                if (v > best) groups[1].points.push_back({static_cast<double>(t.number + 1), best = v});
            }
            return vd::plot::point_groups_svg(title, "evaluations", objectives[0].label(), groups, options);
        }
        groups[0].name = "networks";
        groups[1] = {"Pareto front", {}, vd::plot::joined::yes};
        for (const auto& t : result.trials()) groups[0].points.push_back({shown(models, t, 1), shown(models, t, 0)});
        for (const auto& t : result.front()) groups[1].points.push_back({shown(models, t, 1), shown(models, t, 0)});
        return vd::plot::point_groups_svg(title, objectives[1].label(), objectives[0].label(), groups, options);
    }

    template <class Result>
    void print(const searched_models& models, const Result& result) const {
        constexpr std::size_t most = 12;
        std::printf("%s: %zu networks, %zu on the front\n", algorithm.c_str(), result.trials().size(), result.size());
        for (std::size_t i = 0; i < std::min(most, result.size()); ++i) {
            const auto& t = result.front()[i * result.size() / std::min(most, result.size())];
            std::string line;
            for (std::size_t o = 0; o < models.objectives().size(); ++o)
                line += (o == 0 ? "" : "  ") + models.objectives()[o].model.target() + ' ' + vd::rounded_text(shown(models, t, o), 6) + ' ' +
                        models.objectives()[o].model.unit();
            std::printf("  %s  indices ", line.c_str());
            for (std::size_t p = 0; p < t.point.size(); ++p) std::printf("%s%d", p == 0 ? "" : ",", static_cast<int>(t.point[p]));
            std::printf("\n");
        }
        for (const char* file : {"epochs.csv", "designs.csv", "front.json", "search.svg"}) std::printf("%s/%s\n", out.c_str(), file);
    }
};

} // namespace anb
