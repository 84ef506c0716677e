#!/usr/bin/env python3
"""Regret of optimizers of other libraries on a table of NAS-Bench-201, in the form that bench.regret reads.

    /usr/bin/python3 benchmarks/peers/regret.py TABLE.csv OUT [--column cifar100_200] [--energy pi5_litert_cifar100_energy_mj]
                     [--seeds 40] [--first 1000] [--evaluations 200]

Needs Debian's python3-optuna (3.1) and python3-deap. Writes OUT/COLUMN.NAME.csv, rows of `seed,evaluations,regret` in points below the best of the
column after so many distinct evaluations; a network that comes again costs nothing, as in bench.regret. An optimizer that proposes known networks only, 400
times on end, keeps what it has found. Where both objectives are searched for, `regret` is the share of the hypervolume that is missing, between accuracy 0 and energy 40 mJ.
"""
import argparse
import csv
import os
import random
import re
import sys
import time

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
AT = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200]
ENERGY_LIMIT = 40.0


def read(path, columns):
    values = [[0.0] * 5**6 for _ in columns]
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            number = 0
            for operation in re.findall(r"([a-z_0-9]+)~", row["cell"]):
                number = number * 5 + OPERATIONS.index(operation)
            for column, all_values in zip(columns, values):
                all_values[number] = float(row[column])
    return values


def number_of(indices):
    number = 0
    for i in indices:
        number = number * 5 + i
    return number


class Enough(Exception):
    pass


def area(points):
    total = top = 0.0
    for energy, accuracy in sorted(points, key=lambda p: (p[0], -p[1])):
        if energy < ENERGY_LIMIT and accuracy > top:
            total += (ENERGY_LIMIT - energy) * (accuracy - top)
            top = accuracy
    return total


class Counted:
    """Looks networks up, and counts the different ones."""

    def __init__(self, accuracy, energy, evaluations):
        self.accuracy, self.energy, self.evaluations = accuracy, energy, evaluations
        self.order, self.known, self.stale = [], set(), 0

    def __call__(self, indices):
        number = number_of(indices)
        if number in self.known:
            self.stale += 1
            if self.stale > 400:
                raise Enough
        else:
            self.stale = 0
            self.known.add(number)
            self.order.append(number)
        return self.accuracy[number]

    def both(self, indices):
        return self(indices), self.energy[number_of(indices)]

    def check(self):
        if len(self.order) >= self.evaluations:
            raise Enough


def optuna_study(sampler_of, objectives):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def run(counted, seed):
        study = optuna.create_study(directions=["maximize", "minimize"][:objectives], sampler=sampler_of(seed))

        def objective(trial):
            counted.check()
            indices = [trial.suggest_categorical("e%d" % i, list(range(5))) for i in range(6)]
            return counted(indices) if objectives == 1 else counted.both(indices)

        study.optimize(objective, n_trials=5 * counted.evaluations)

    return run


def deap_genetic(objectives):
    from deap import base, creator, tools

    if not hasattr(creator, "Fitness%d" % objectives):
        creator.create("Fitness%d" % objectives, base.Fitness, weights=(1.0, -1.0)[:objectives])
        creator.create("Cell%d" % objectives, list, fitness=getattr(creator, "Fitness%d" % objectives))

    def run(counted, seed):
        random.seed(seed)
        box = base.Toolbox()
        box.register("gene", random.randrange, 5)
        box.register("cell", tools.initRepeat, getattr(creator, "Cell%d" % objectives), box.gene, 6)

        def judge(cell):
            counted.check()
            cell.fitness.values = (counted(cell),) if objectives == 1 else counted.both(cell)

        members = [box.cell() for _ in range(20)]
        for cell in members:
            judge(cell)
        if objectives == 2:
            members = tools.selNSGA2(members, 20)
        while True:
            parents = tools.selTournament(members, 20, 3) if objectives == 1 else tools.selTournamentDCD(members, 20)
            children = [box.clone(cell) for cell in parents]
            for one, other in zip(children[::2], children[1::2]):
                if random.random() < 0.9:
                    tools.cxUniform(one, other, 0.5)
            for cell in children:
                tools.mutUniformInt(cell, 0, 4, 1 / 6)
                judge(cell)
            members = tools.selBest(members + children, 20) if objectives == 1 else tools.selNSGA2(members + children, 20)

    return run


def algorithms(objectives):
    found = {}
    try:
        import optuna

        found["optuna tpe"] = optuna_study(lambda seed: optuna.samplers.TPESampler(seed=seed), objectives)
        found["optuna tpe, multivariate"] = optuna_study(lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True), objectives)
        found["optuna nsga2"] = optuna_study(lambda seed: optuna.samplers.NSGAIISampler(seed=seed, population_size=20), objectives)
        found["optuna random"] = optuna_study(lambda seed: optuna.samplers.RandomSampler(seed=seed), objectives)
    except ImportError:
        print("skipped: Optuna is not installed (Debian: python3-optuna)", file=sys.stderr)
    try:
        found["deap genetic" if objectives == 1 else "deap nsga2"] = deap_genetic(objectives)
    except ImportError:
        print("skipped: DEAP is not installed (Debian: python3-deap)", file=sys.stderr)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("out")
    parser.add_argument("--column", default="cifar100_200")
    parser.add_argument("--energy", default="pi5_litert_cifar100_energy_mj")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=200)
    parser.add_argument("--only", default="", help="names that hold this text")
    parser.add_argument("--objectives", default="12", help="1, 2 or 12")
    options = parser.parse_args()
    accuracy, energy = read(options.table, [options.column, options.energy])
    best, whole = max(accuracy), area(list(zip(energy, accuracy)))
    os.makedirs(options.out, exist_ok=True)
    at = [n for n in AT if n <= options.evaluations]
    for objectives in (1, 2):
        if str(objectives) not in options.objectives:
            continue
        for name, run in algorithms(objectives).items():
            if options.only not in name:
                continue
            start, rows = time.process_time(), []
            for seed in range(options.first, options.first + options.seeds):
                counted = Counted(accuracy, energy, options.evaluations)
                try:
                    run(counted, seed)
                except Enough:
                    pass
                for n in at:
                    seen = counted.order[:n]
                    if objectives == 1:
                        missed = best - max(accuracy[k] for k in seen)
                    else:
                        missed = 1 - area([(energy[k], accuracy[k]) for k in seen]) / whole
                    rows.append([seed, n, repr(missed)])
            seconds = (time.process_time() - start) / options.seeds
            title = options.column if objectives == 1 else "accuracy_x_energy"
            with open(os.path.join(options.out, "%s.%s.csv" % (title, name)), "w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["seed", "evaluations", "regret"])
                writer.writerows(rows)
            last = [float(r[2]) for r in rows if r[1] == at[-1]]
            print("%-18s %-26s mean regret@%d %.4f, %.2f CPU s a search" % (title, name, at[-1], sum(last) / len(last), seconds), flush=True)


if __name__ == "__main__":
    main()
