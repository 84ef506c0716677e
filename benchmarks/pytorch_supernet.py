#!/usr/bin/env python3
"""Times in plain PyTorch what benchmarks/run/elastic_supernet.cpp times here: the same supernets, sub-network, images and number of threads.

    benchmarks/pytorch_supernet.py [--filter TEXT] [--seconds S] [--threads N] [--against results/elastic_supernet.json]

Prints JSON like Google Benchmark's; with --against, the results of the C++ benchmark (--benchmark_out), it prints a table of the processor's times on stderr. Needs
PyTorch (Debian: python3-torch). Written after the paper (Cai et al., ICLR 2020), not after any implementation: MobileNetV3-type supernets with elastic kernel (transformation
matrices), expansion and depth.
"""
import argparse
import json
import statistics
import sys
import time

try:
    import torch
    from torch import nn
    import torch.nn.functional as F
except ImportError:
    sys.exit("pytorch_supernet.py: PyTorch is not installed (Debian: python3-torch)")


def make_divisible(value, divisor=8):
    n = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return n + divisor if n < 0.9 * value else n


def middle_channels(channels, expand):
    return make_divisible(round(channels * expand))


# first convolution, first block, stages (width, stride, h_swish, squeeze and excitation), final expansion, feature mix, ratios
FAMILIES = {
    "moofa_v3": (3, 8, [(24, 2, 1, 0), (96, 2, 1, 1), (288, 2, 1, 1), (360, 2, 0, 0), (384, 2, 1, 1)], 392, 392, (2, 3, 4)),
    "ofa": (16, 16, [(24, 2, 0, 0), (40, 2, 0, 1), (80, 2, 1, 0), (112, 1, 1, 1), (160, 2, 1, 1)], 960, 1280, (3, 4, 6)),
}
KERNELS = (7, 5, 3)
DEPTH = 4


def activation(h_swish):
    return F.hardswish if h_swish else F.relu


def excite(x, reduce_weight, reduce_bias, expand_weight, expand_bias):
    y = x.mean(3, keepdim=True).mean(2, keepdim=True)
    return x * F.hardsigmoid(F.conv2d(F.relu(F.conv2d(y, reduce_weight, reduce_bias)), expand_weight, expand_bias))


class Plain(nn.Module):
    """A convolution with norm and activation, of fixed shape."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, act=None, norm=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs) if norm else None
        self.act = act

    def forward(self, x):
        x = self.conv(x)
        if self.bn is not None:
            x = self.bn(x)
        return x if self.act is None else self.act(x)


class Excitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        squeezed = make_divisible(channels // 4)
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        return excite(x, self.reduce.weight, self.reduce.bias, self.expand.weight, self.expand.bias)


class Block(nn.Module):
    """A block of fixed shape."""

    def __init__(self, inputs, middle, outputs, kernel, stride, act, excited, expands=True):
        super().__init__()
        self.expansion = Plain(inputs, middle, act=act) if expands else None
        self.depthwise = Plain(middle, middle, kernel, stride, middle, act)
        self.excitation = Excitation(middle) if excited else None
        self.projection = Plain(middle, outputs)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x):
        y = x if self.expansion is None else self.expansion(x)
        y = self.depthwise(y)
        if self.excitation is not None:
            y = self.excitation(y)
        y = self.projection(y)
        return y + x if self.shortcut else y


class ElasticBlock(Block):
    """The largest block, of which every smaller one is a part."""

    def __init__(self, inputs, outputs, stride, act, excited, ratios):
        super().__init__(inputs, middle_channels(inputs, max(ratios)), outputs, KERNELS[0], stride, act, excited)
        self.matrices = nn.ParameterList([nn.Parameter(torch.eye(k * k)) for k in KERNELS[1:]])
        self.stride = stride
        self.kernel, self.ratio = KERNELS[0], max(ratios)

    def norm(self, bn, x):
        """The norm of the first channels, in place on the statistics of all."""
        f = x.size(1)
        if self.training:
            bn.num_batches_tracked.add_(1)
        return F.batch_norm(x, bn.running_mean[:f], bn.running_var[:f], bn.weight[:f], bn.bias[:f], self.training, bn.momentum, bn.eps)

    def filters(self, channels):
        weight = self.depthwise.conv.weight[:channels]
        size = KERNELS[0]
        for smaller, matrix in zip(KERNELS[1:], self.matrices):
            if size <= self.kernel:
                break
            first = size // 2 - smaller // 2
            centre = weight[:, :, first:first + smaller, first:first + smaller].reshape(channels, smaller * smaller)
            weight = F.linear(centre, matrix).view(channels, 1, smaller, smaller)
            size = smaller
        return weight

    def forward(self, x):
        middle = middle_channels(x.size(1), self.ratio)
        y = self.norm(self.expansion.bn, F.conv2d(x, self.expansion.conv.weight[:middle, :x.size(1)].contiguous()))
        y = self.expansion.act(y)
        y = F.conv2d(y, self.filters(middle), None, self.stride, self.kernel // 2, 1, middle)
        y = self.depthwise.act(self.norm(self.depthwise.bn, y))
        if self.excitation is not None:
            q = make_divisible(middle // 4)
            se = self.excitation
            y = excite(y, se.reduce.weight[:q, :middle].contiguous(), se.reduce.bias[:q], se.expand.weight[:middle, :q].contiguous(),
                       se.expand.bias[:middle])
        y = self.norm(self.projection.bn, F.conv2d(y, self.projection.conv.weight[:, :middle].contiguous()))
        return y + x if self.shortcut else y


class Net(nn.Module):
    def __init__(self, first_conv, stages, final_expand, feature_mix, classifier):
        super().__init__()
        self.first_conv, self.final_expand, self.feature_mix, self.classifier = first_conv, final_expand, feature_mix, classifier
        self.first_block, self.stages = stages[0][0], nn.ModuleList([nn.ModuleList(s) for s in stages[1:]])
        self.depths = [len(s) for s in stages[1:]]

    def forward(self, x):
        x = self.first_block(self.first_conv(x))
        for depth, stage in zip(self.depths, self.stages):
            for block in stage[:depth]:
                x = block(x)
        x = self.final_expand(x).mean(3, keepdim=True).mean(2, keepdim=True)
        return self.classifier(self.feature_mix(x).flatten(1))


def build(family, elastic, kernel=7, ratio=None, depth=DEPTH):
    first, first_block, stages, last, mix, ratios = FAMILIES[family]
    ratio = max(ratios) if ratio is None else ratio
    blocks = [[Block(first, first, first_block, 3, 1, F.relu, False, expands=False)]]
    blocks[0][0].shortcut = first == first_block
    inputs = first_block
    for width, stride, swish, excited in stages:
        blocks.append([])
        for j in range(DEPTH if elastic else depth):
            shape = (width, stride if j == 0 else 1, activation(swish), excited)
            if elastic:
                blocks[-1].append(ElasticBlock(inputs, *shape, ratios))
            else:
                blocks[-1].append(Block(inputs, middle_channels(inputs, ratio), width, kernel, *shape[1:]))
            inputs = width
    return Net(Plain(3, first, 3, 2, act=F.hardswish), blocks, Plain(inputs, last, act=F.hardswish), Plain(last, mix, act=F.hardswish, norm=False),
               nn.Linear(mix, 1000))


def activate_middle(net, family):
    ratio = FAMILIES[family][5][1]
    net.depths = [3] * 5
    for stage in net.stages:
        for block in stage:
            block.kernel, block.ratio = 5, ratio


def timed(work, seconds):
    for _ in range(3):
        work()
    wall, processor, end = [], [], time.perf_counter() + seconds
    while len(wall) < 5 or time.perf_counter() < end:
        start, used = time.perf_counter(), time.process_time()
        work()
        wall.append(1e3 * (time.perf_counter() - start))
        processor.append(1e3 * (time.process_time() - used))
    return wall, processor


def benchmarks():
    """Pairs of a name and what makes the work to time."""
    for family in FAMILIES:
        for side, batch in ((224, 1), (64, 16)):
            def images(side=side, batch=batch):
                return torch.randn(batch, 3, side, side)

            def forward_extracted(family=family, images=images):
                net, x = build(family, False, 5, FAMILIES[family][5][1], 3).eval(), images()
                with torch.no_grad():
                    yield lambda: net(x)

            def activate_and_forward(family=family, images=images):
                net, x = build(family, True).eval(), images()
                activate_middle(net, family)
                with torch.no_grad():
                    yield lambda: net(x)

            def training_step(family=family, images=images, batch=batch):
                net, teacher, x = build(family, True).train(), build(family, False).train(), images()
                activate_middle(net, family)
                labels = torch.randint(0, 1000, (batch,))
                named = list(net.named_parameters())
                optimizer = torch.optim.SGD([{"params": [p for n, p in named if "bn" in n or "bias" in n], "weight_decay": 0},
                                             {"params": [p for n, p in named if "bn" not in n and "bias" not in n], "weight_decay": 3e-5}],
                                            lr=1e-4, momentum=0.9, nesterov=True)

                def step():
                    optimizer.zero_grad()
                    with torch.no_grad():
                        told = F.softmax(teacher(x), dim=1)
                    logits = net(x)
                    loss = -(told * F.log_softmax(logits, 1)).sum(1).mean() + F.cross_entropy(logits, labels, label_smoothing=0.1)
                    loss.backward()
                    optimizer.step()

                yield step

            for make in (forward_extracted, activate_and_forward, training_step):
                yield f"{make.__name__}<{family}>/{side}/{batch}", make


def main():
    options = argparse.ArgumentParser(description="Times supernets in PyTorch.")
    options.add_argument("--filter", default="", help="only benchmarks whose name holds this")
    options.add_argument("--seconds", type=float, default=3, help="to spend on each")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--against", help="JSON of the C++ benchmark")
    args = options.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    results = []
    for name, make in benchmarks():
        if args.filter not in name:
            continue
        for work in make():
            wall, processor = timed(work, args.seconds)
            results.append({"name": name, "run_type": "iteration", "iterations": len(wall), "real_time": statistics.median(wall),
                            "cpu_time": statistics.median(processor), "time_unit": "ms"})
    context = {"library": "PyTorch " + torch.__version__, "threads": args.threads, "mkldnn": torch.backends.mkldnn.is_available()}
    print(json.dumps({"context": context, "benchmarks": results}, indent=1))
    if args.against:
        with open(args.against) as file:
            ours = {b["name"]: b for b in json.load(file)["benchmarks"]}
        for r in results:
            if r["name"] in ours:
                here, there = ours[r["name"]]["cpu_time"], r["cpu_time"]
                print(f'{r["name"]:<40} {here:9.3f} ms  PyTorch {there:9.3f} ms  ratio {there / here:.2f}', file=sys.stderr)


if __name__ == "__main__":
    main()
