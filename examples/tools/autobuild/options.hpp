// What autobuild is told.
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace autobuild {

/// The networks of a corpus or of a space, and what is wanted of them.
struct network_settings {
    std::string family = "auto"; ///< mbv3, pn, or what the first network is
    double width = 0;            ///< of the supernet's channels; 0: 1.2 for mbv3, 1.3 for pn, as AutoBuild has them
};

struct train_settings {
    network_settings networks;
    std::string data, test, tag, out = "results/autobuild";
    std::vector<std::string> targets{"acc"};
    std::string layer = "GATv2Conv", readout = "mean", activation = "ReLU", head_activation = "ReLU";
    std::size_t width = 32, layers = 4;
    bool residual = true, directed = true;
    double norm = 1, rank_weight = 1, learning_rate = 3e-3, last_rate = 0, weight_decay = 1e-5, split = 0.9;
    std::int64_t epochs = 200, batch = 128;
    std::uint64_t seed = 12345;
    bool fresh = false;
    std::string tensorboard;
};

/// A predictor and what is read of it.
struct label_settings {
    std::string predictor, out = "results/autobuild";
    int resolution = 224;
};

struct reduce_settings {
    label_settings labels;
    std::vector<std::size_t> keep{5};
    std::size_t shown = 3; ///< modules of each unit in the table
};

/// What networks are judged by: files of predictors, of which a target is named where they have several; a cost may be a computed one.
struct judge_settings {
    std::string accuracy, accuracy_target, cost = "macs", cost_target;
};

struct search_settings : judge_settings {
    network_settings networks;
    std::vector<std::string> spaces; ///< stage_full, layerwise, or files of reduced spaces, which are joined
    int resolution = 224;
    std::size_t evaluations = 250, initial = 50, seeds = 1;
    std::vector<double> reference; ///< accuracy and cost; empty: the worst of all fronts
    std::uint64_t seed = 12345;
    double unit_probability = 0.5;
    std::string out = "results/autobuild";
};

struct evaluate_settings : judge_settings {
    network_settings networks;
    std::string space;
    int resolution = 224;
    std::size_t start = 0, count = 100;
    std::optional<std::uint64_t> seed{};
    bool list_only = false;
    std::string out = "results/autobuild";
};

struct plot_settings {
    network_settings networks;
    std::string predictor, arch, data;
    int resolution = 224;
    std::string out = "results/autobuild";
};

/// Training and what follows from it.
struct all_settings {
    train_settings train;
    std::size_t keep = 25, evaluations = 250, seeds = 10;
    std::string cost = "macs";
    int resolution = 224;
};

struct settings {
    all_settings all;
    train_settings train;
    label_settings label;
    reduce_settings reduce;
    search_settings search;
    evaluate_settings evaluate;
    plot_settings plot;
};

namespace detail {

inline void add_networks(CLI::App& app, network_settings& s) {
    app.add_option("--families", s.family, "mbv3 (OFA-MobileNetV3), pn (OFA-ProxylessNAS), or auto: by the number of units of the first network")
        ->check(CLI::IsMember({"auto", "mbv3", "pn"}))
        ->capture_default_str();
    app.add_option("--width", s.width, "of the supernet's channels, for macs, n_params and peak_memory; 0: 1.2 for mbv3, 1.3 for pn")
        ->check(terminal::number(0, 8))
        ->capture_default_str();
}

inline void add_out(CLI::App& app, std::string& out) {
    app.add_option("--out", out, "folder of the results; files have the names of AutoBuild")->check(terminal::path())->capture_default_str();
}

inline CLI::Option* add_predictor(CLI::App& app, const std::string& name, std::string& path, const std::string& what) {
    return app.add_option(name, path, what + " (.safetensors or .pt, its options in .json beside it)")->check(terminal::path());
}

inline void add_targets(CLI::App& app, judge_settings& s) {
    app.add_option("--acc_target", s.accuracy_target, "the target of --acc that is the accuracy; else the only one, or acc among several")
        ->check(terminal::path());
    app.add_option("--metric_target", s.cost_target,
                   "the target of a predictor as --metric that is the cost; else the only one, or the only one beside acc")
        ->check(terminal::path());
}

} // namespace detail

inline void add_train(CLI::App& app, train_settings& s) {
    app.add_option("--data", s.data, "table of networks: columns resolution, arch, and metrics")->check(terminal::path())->required();
    app.add_option("--test", s.test, "another such table, which the trained predictor is tested with")->check(terminal::path());
    app.add_option(
           "--target", s.targets,
           "equation of the metrics of --data and of macs, n_params and peak_memory, which are computed; several: one predictor of several outputs")
        ->capture_default_str();
    detail::add_networks(app, s.networks);
    app.add_option("--gnn_type", s.layer, "graph layer: GATv2Conv, GATConv, GraphConv, GCNConv, SAGEConv")
        ->check(CLI::IsMember({"GATv2Conv", "GATConv", "GraphConv", "GCNConv", "SAGEConv"}))
        ->capture_default_str();
    app.add_option("--gnn_dim", s.width, "width of embeddings")->check(terminal::whole<std::size_t>(1, 4096))->capture_default_str();
    app.add_option("--num_layers", s.layers, "graph layers, and hops")->check(terminal::whole<std::size_t>(1, 64))->capture_default_str();
    app.add_option("--aggr_method", s.readout, "how nodes become a graph: mean, sum, max")
        ->check(CLI::IsMember({"mean", "sum", "max"}))
        ->capture_default_str();
    app.add_option("--gnn_activ", s.activation, "behind a graph layer: ReLU, LeakyReLU")
        ->check(CLI::IsMember({"ReLU", "LeakyReLU"}))
        ->capture_default_str();
    app.add_option("--reg_activ", s.head_activation, "before the last layer: ReLU, LeakyReLU")
        ->check(CLI::IsMember({"ReLU", "LeakyReLU"}))
        ->capture_default_str();
    app.add_flag("--residual,!--no-residual", s.residual, "each layer but the first adds its input (default)");
    app.add_flag("!--undirected", s.directed, "edges in both directions");
    app.add_option("--norm", s.norm, "p of the norms that tell importance")->check(terminal::number(1, 100))->capture_default_str();
    app.add_option("--corr_lambda", s.rank_weight, "weight of the rank loss on every hop")->check(terminal::not_negative())->capture_default_str();
    app.add_option("--epochs_predictor", s.epochs, "epochs")->check(terminal::whole(1, 1'000'000))->capture_default_str();
    app.add_option("--batch_size", s.batch, "networks of a step")->check(terminal::whole(2, 1'000'000))->capture_default_str();
    app.add_option("--lr", s.learning_rate, "learning rate of the first step; AutoBuild has a constant 1e-4")
        ->check(terminal::positive())
        ->capture_default_str();
    app.add_option("--last_lr_share", s.last_rate, "share of --lr that is left at the end, along half a cosine; 1: constant")
        ->check(terminal::number(0, 1))
        ->capture_default_str();
    app.add_option("--weight_decay", s.weight_decay, "of AdamW")->check(terminal::not_negative())->capture_default_str();
    app.add_option("--split", s.split, "share of --data that is trained with; the rest is the internal test")
        ->check(terminal::number(0.01, 0.99))
        ->capture_default_str();
    app.add_option("--seed", s.seed, "of the split, first weights and orders")->capture_default_str();
    app.add_option("--tag", s.tag, "begins the names of files")->check(terminal::name_within());
    terminal::add_tensorboard(app, s.tensorboard);
    app.add_flag("--fresh", s.fresh, "begin anew where a training of the same name was stopped");
    detail::add_out(app, s.out);
    terminal::explain_stop(app, "the epoch under way");
}

inline void add_all(CLI::App& app, all_settings& s) {
    add_train(app, s.train);
    app.add_option("-k,--k", s.keep, "best modules of each unit that stay")->check(terminal::whole<std::size_t>(1))->capture_default_str();
    app.add_option("--metric", s.cost, "the cost that is searched beside accuracy: macs, n_params, peak_memory, or a predictor of latency (a file)")
        ->capture_default_str();
    app.add_option("--resolution", s.resolution, "side of the images that predictors are asked about")
        ->check(terminal::whole<int>(8, 1024))
        ->capture_default_str();
    app.add_option("--evaluations", s.evaluations, "networks that each search evaluates")
        ->check(terminal::whole<std::size_t>(50))
        ->capture_default_str();
    app.add_option("--seeds", s.seeds, "searches with seeds one after the other; hypervolumes are their means")
        ->check(terminal::whole<std::size_t>(1, 10000))
        ->capture_default_str();
}

inline void add_label(CLI::App& app, label_settings& s) {
    detail::add_predictor(app, "--chkpt", s.predictor, "the predictor, trained with moments by unit as train does")->required();
    app.add_option("--resolution", s.resolution, "side of the images that it is asked about")
        ->check(terminal::whole<int>(8, 1024))
        ->capture_default_str();
    detail::add_out(app, s.out);
}

inline void add_reduce(CLI::App& app, reduce_settings& s) {
    add_label(app, s.labels);
    app.add_option("-k,--k", s.keep, "best modules of each unit that stay: one number, or one for each unit")
        ->delimiter(',')
        ->check(terminal::whole<std::size_t>(1))
        ->capture_default_str();
    app.add_option("--show", s.shown, "modules of each unit in the table")->check(terminal::whole<std::size_t>(0, 1000))->capture_default_str();
}

inline void add_search(CLI::App& app, search_settings& s) {
    app.add_option("--unit_corpus", s.spaces, "stage_full (all modules), layerwise (block by block), or files of reduced spaces, which are joined")
        ->required();
    detail::add_predictor(app, "--acc", s.accuracy, "predictor of accuracy, the first objective")->required();
    app.add_option("--metric", s.cost, "the second objective: macs, n_params, peak_memory, or a predictor of latency (a file)")
        ->capture_default_str();
    detail::add_targets(app, s);
    detail::add_networks(app, s.networks);
    app.add_option("--resolution", s.resolution, "side of the images that predictors are asked about")
        ->check(terminal::whole<int>(8, 1024))
        ->capture_default_str();
    app.add_option("--evaluations", s.evaluations, "networks that are evaluated")->check(terminal::whole<std::size_t>(1))->capture_default_str();
    app.add_option("--initial", s.initial, "random ones among them, and children of an iteration")
        ->check(terminal::whole<std::size_t>(1))
        ->capture_default_str();
    app.add_option("--reference", s.reference,
                   "accuracy and cost that hypervolumes are taken within, such as 0.75,18; by default the worst on any front")
        ->delimiter(',')
        ->expected(2)
        ->check(terminal::number(-1e300, 1e300));
    app.add_option("--unit_prob", s.unit_probability, "chance that a mutation changes a unit")
        ->check(terminal::number(0.001, 1))
        ->capture_default_str();
    app.add_option("--seed", s.seed, "of the first search")->capture_default_str();
    app.add_option("--seeds", s.seeds, "searches with seeds one after the other; hypervolumes are their means")
        ->check(terminal::whole<std::size_t>(1, 10000))
        ->capture_default_str();
    detail::add_out(app, s.out);
    terminal::explain_stop(app, "the networks under way");
}

inline void add_evaluate(CLI::App& app, evaluate_settings& s) {
    app.add_option("--space", s.space, "file of a reduced space")->check(terminal::path())->required();
    detail::add_predictor(app, "--acc", s.accuracy, "predictor of accuracy")->required();
    app.add_option("--metric", s.cost, "a cost beside it: macs, n_params, peak_memory, or a predictor of latency (a file)")->capture_default_str();
    detail::add_targets(app, s);
    detail::add_networks(app, s.networks);
    app.add_option("--start_idx", s.start, "the first network, in the order of falling sums of scores")->capture_default_str();
    app.add_option("-n", s.count, "how many")->check(terminal::whole<std::size_t>(1))->capture_default_str();
    app.add_option("--seed", s.seed, "a random order instead, the same for the same seed, with a file of its own");
    app.add_option("--resolution", s.resolution, "side of the images that predictors are asked about")
        ->check(terminal::whole<int>(8, 1024))
        ->capture_default_str();
    app.add_flag("--no_eval", s.list_only, "list the networks and evaluate none");
    detail::add_out(app, s.out);
    terminal::explain_stop(app, "the network under way");
}

inline void add_plot(CLI::App& app, plot_settings& s) {
    detail::add_predictor(app, "--chkpt", s.predictor, "the predictor")->required();
    app.add_option("--arch", s.arch, "the network, e3_k7-e6_k3|...; by default that of --data with the greatest target");
    app.add_option("--data", s.data, "table of networks")->check(terminal::path());
    app.add_option("--width", s.networks.width,
                   "of the supernet's channels, where the target names macs, n_params or peak_memory; 0: 1.2 for mbv3, 1.3 for pn")
        ->check(terminal::number(0, 8))
        ->capture_default_str();
    app.add_option("--resolution", s.resolution, "of --arch")->check(terminal::whole<int>(8, 1024))->capture_default_str();
    detail::add_out(app, s.out);
}

inline void add_options(CLI::App& app, settings& s) {
    app.require_subcommand(1);
    add_all(*app.add_subcommand("all", "train, reduce and plot for each --target, then search the reduced spaces, joined, beside the whole one"),
            s.all);
    add_train(*app.add_subcommand("train", "a predictor of a table of networks, from where it stopped, and its test"), s.train);
    add_label(*app.add_subcommand("label-units", "a score for every module of every unit"), s.label);
    add_reduce(*app.add_subcommand("reduce", "the space of the best modules, as a file, a table and a picture"), s.reduce);
    add_search(*app.add_subcommand("search", "accuracy against a cost, in reduced spaces and in the whole one, with the same number of evaluations"),
               s.search);
    add_evaluate(
        *app.add_subcommand("evaluate", "the networks of a reduced space from the best sum of scores on; several processes may share the file"),
        s.evaluate);
    add_plot(*app.add_subcommand("plot", "what a predictor finds important: in a network, hop by hop, and of blocks"), s.plot);
}

} // namespace autobuild
