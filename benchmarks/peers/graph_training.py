#!/usr/bin/env python3
"""Trains the graph predictor of AutoBuild in plain PyTorch: the network, loss, optimiser and batches that predictor::train_graph_predictor has, written as one
writes them with index_select and index_add. Peer of benchmarks/run/graph_training.cpp.

    benchmarks/peers/graph_training.py FILE.csv [--epochs N] [--batch N] [--seed N] [--rows N] [--test N] [--against results/graph_training.json]

FILE has the columns resolution, arch and acc, such as mit_ofa_dev.csv. The last --test rows of a shuffled order are kept out of training and judged at the end.
Prints JSON with the processor's seconds of the epochs, and of the isotonic regressions among them, for which PyTorch has nothing; with --against, the results of
the C++ benchmark (--benchmark_out), also the ratio, that of the epochs without isotonic regressions too. Needs PyTorch (Debian: python3-torch).
"""
import argparse
import csv
import json
import random
import sys
import time
import warnings

try:
    import torch
    from torch import nn
except ImportError:
    sys.exit("graph_training.py: PyTorch is not installed (Debian: python3-torch)")

warnings.filterwarnings("ignore", message="scatter_reduce")
isotonic_seconds = 0.0


def read_graphs(path):
    """Each row as (features [nodes, 6], edges [2, n], accuracy)."""
    out = []
    with open(path) as file:
        for row in csv.DictReader(file):
            features = []
            for unit, blocks in enumerate(row["arch"].split("|")):
                for layer, block in enumerate(blocks.split("-")):
                    e, k = block.split("_")
                    features.append([unit, layer, 1, {3: 0, 4: 1, 6: 2}[int(e[1:])], {3: 0, 5: 1, 7: 2}[int(k[1:])], (int(row["resolution"]) - 192) / 32])
            n = len(features)
            out.append((torch.tensor(features, dtype=torch.float32), torch.stack([torch.arange(n - 1), torch.arange(1, n)]), float(row["acc"])))
    return out


def collate(graphs):
    """One graph of many: features, edges with those of nodes to themselves, graph of each node, targets."""
    sizes = torch.tensor([g[0].shape[0] for g in graphs])
    first = torch.cumsum(sizes, 0) - sizes
    features = torch.cat([g[0] for g in graphs])
    edges = torch.cat([g[1] + f for g, f in zip(graphs, first)], 1)
    own = torch.arange(features.shape[0]).repeat(2, 1)
    return features, torch.cat([edges, own], 1), torch.repeat_interleave(torch.arange(len(graphs)), sizes), torch.tensor([g[2] for g in graphs])


class Scores(nn.Module):
    """The embedding of hop 0: one score a feature."""

    def __init__(self):
        super().__init__()
        sizes = [(6, 3), (4, 2), (2, 2), (3, 2), (3, 3)]
        self.tables = nn.ModuleList(nn.Embedding(n, width) for n, width in sizes)
        self.projections = nn.ModuleList(nn.Linear(width, 1) for _, width in sizes)
        self.resolution = nn.Sequential(nn.Linear(1, 3), nn.Linear(3, 1))

    def forward(self, x):
        parts = [p(t(x[:, i].long())) for i, (t, p) in enumerate(zip(self.tables, self.projections))]
        return torch.cat(parts + [self.resolution(x[:, 5:6])], 1).abs()


class GATv2(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.left, self.right = nn.Linear(inputs, width), nn.Linear(inputs, width)
        for linear in (self.left, self.right):
            nn.init.xavier_uniform_(linear.weight)
        self.att = nn.Parameter(torch.empty(1, width).uniform_(-1, 1) * (6 / (1 + width)) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x, edges):
        source, target = edges
        left, right = self.left(x), self.right(x)
        values = left.index_select(0, source)
        score = (nn.functional.leaky_relu(values + right.index_select(0, target), 0.2) * self.att).sum(1)
        n = x.shape[0]
        most = torch.full((n,), -float("inf")).scatter_reduce(0, target, score.detach(), "amax")
        weight = (score - most.index_select(0, target)).exp()
        total = torch.zeros(n).index_add(0, target, weight)
        alpha = weight / (total.index_select(0, target) + 1e-16)
        return torch.zeros_like(right).index_add(0, target, alpha.unsqueeze(1) * values) + self.bias


class Predictor(nn.Module):
    def __init__(self, width=32, layers=4):
        super().__init__()
        self.scores = Scores()
        self.layers = nn.ModuleList(GATv2(6 if l == 0 else width, width) for l in range(layers))
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in range(layers))
        self.head = nn.Sequential(nn.Linear(width, width), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width), nn.Linear(width, width), nn.ReLU(),
                                  nn.Linear(width, 1))

    def forward(self, features, edges, graph, graphs):
        counts = torch.zeros(graphs).index_add(0, graph, torch.ones(graph.shape[0]))
        mean = lambda h: torch.zeros(graphs, h.shape[1]).index_add(0, graph, h) / counts.unsqueeze(1)
        h = self.scores(features)
        levels = [mean(h)]
        for l, (layer, norm) in enumerate(zip(self.layers, self.norms)):
            z = torch.relu(norm(layer(h, edges)))
            h = z if l == 0 else z + h
            levels.append(mean(h))
        return self.head(levels[-1]).squeeze(1), levels


class SoftRank(torch.autograd.Function):
    """Blondel et al., ICML 2020, squared regularisation of strength 1, by pooling of neighbours."""

    @staticmethod
    def forward(ctx, x):
        global isotonic_seconds
        start = time.process_time()
        s, order = torch.sort(x, descending=True)
        n = x.shape[0]
        y = (s - torch.arange(n, 0, -1)).tolist()
        sums, counts = [], []
        for value in y:
            total, count = value, 1
            while sums and sums[-1] * count <= total * counts[-1]:
                total += sums.pop()
                count += counts.pop()
            sums.append(total)
            counts.append(count)
        means = torch.repeat_interleave(torch.tensor([a / b for a, b in zip(sums, counts)]), torch.tensor(counts))
        block = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
        ctx.save_for_backward(order, block, torch.tensor(counts))
        isotonic_seconds += time.process_time() - start
        return torch.empty_like(x).index_copy(0, order, s - means)

    @staticmethod
    def backward(ctx, g):
        order, block, counts = ctx.saved_tensors
        sorted_g = g.index_select(0, order)
        mean = torch.zeros(counts.shape[0]).index_add(0, block, sorted_g) / counts
        return g - torch.empty_like(g).index_copy(0, order, mean.index_select(0, block))


def loss_of(predictions, levels, y):
    unit = lambda v: (v - v.mean()) / (v - v.mean()).norm()
    y1 = unit(y)
    rho = [(y1 * unit(SoftRank.apply(g.abs().sum(1)))).sum() for g in levels]
    return nn.functional.mse_loss(predictions, y) + sum(1 - r for r in rho) / len(rho)


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    out = [0.0] * len(values)
    for rank, i in enumerate(order):
        out[i] = float(rank)
    return torch.tensor(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=12345)
    parser.add_argument("--rows", type=int, default=0, help="only so many rows train (0: all that are not kept out)")
    parser.add_argument("--test", type=int, default=222)
    parser.add_argument("--against", help="results of bench.graph_training")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    stream = random.Random(arguments.seed)
    graphs = read_graphs(arguments.file)
    stream.shuffle(graphs)
    train, test = graphs[: len(graphs) - arguments.test], graphs[len(graphs) - arguments.test :]
    if arguments.rows:
        train = train[: arguments.rows]
    y = torch.tensor([g[2] for g in train], dtype=torch.float64)
    mean, deviation = y.mean().item(), y.std(unbiased=False).item()
    train = [(f, e, (t - mean) / deviation) for f, e, t in train]
    network = Predictor()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=1e-5)
    start = time.process_time()
    for _ in range(arguments.epochs):
        network.train()
        stream.shuffle(train)
        for first in range(0, len(train), arguments.batch):
            features, edges, graph, wanted = collate(train[first : first + arguments.batch])
            optimizer.zero_grad()
            predictions, levels = network(features, edges, graph, wanted.shape[0])
            loss_of(predictions, levels, wanted).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
    seconds = time.process_time() - start
    network.eval()
    with torch.no_grad():
        features, edges, graph, wanted = collate(test)
        found = network(features, edges, graph, wanted.shape[0])[0] * deviation + mean
    a, b = ranks(found.tolist()), ranks(wanted.tolist())
    a, b = a - a.mean(), b - b.mean()
    result = {"torch": torch.__version__, "graphs": len(train), "epochs": arguments.epochs, "seconds": seconds, "isotonic_seconds": isotonic_seconds,
              "seconds_per_epoch": seconds / arguments.epochs, "mae": (found - wanted).abs().mean().item(), "srcc": ((a * b).sum() / a.norm() / b.norm()).item()}
    if arguments.against:
        with open(arguments.against) as file:
            ours = json.load(file)["benchmarks"][0]["cpu_time"] / 1e3
        result["ratio"] = ours / result["seconds_per_epoch"]
        result["ratio_without_isotonic"] = ours / ((seconds - isotonic_seconds) / arguments.epochs)
    print(json.dumps(result))


main()
