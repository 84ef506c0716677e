#!/usr/bin/env python3
"""What optimizers of other libraries find on the problems of bench.quality, in the form that it reads.

    /usr/bin/python3 benchmarks/peers/quality.py BENCH OUT [--problems NAME,...] [--seeds 20] [--first 1000] [--only TEXT] [--evaluations N]

BENCH is the program bench.quality, which answers what points cost (VERDANT_QUALITY_SERVE), so that the problems are the same. Needs Debian's python3-optuna (3.1),
python3-cmaes and python3-deap. Writes OUT/PROBLEM.NAME.csv: seed, objectives, violation, a row for each different point in the order of their measurement; a point that comes
again costs nothing, as there. A search that proposes known points only, 2000 times on end, keeps what it has.

Where settings differ from those of the library beside them: Optuna's NSGA-II and TPE are given the constraints by `constraints_func`, and TPE is multivariate, without which it takes
minutes a search; DEAP has none, so a point that breaks some has
the worst objectives and as much more as it breaks them. DEAP's variables are real, crossed by simulated binary crossover (index 20) and changed by polynomial mutation (index 20, one
variable in n), and rounded.
"""
import argparse
import csv
import os
import random
import subprocess
import sys
import time
import warnings

warnings.filterwarnings("ignore")


class Enough(Exception):
    pass


class Problem:
    """Asks bench.quality."""

    def __init__(self, program, name):
        environment = dict(os.environ, VERDANT_QUALITY_SERVE=name)
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)
        head = [int(word) for word in self.process.stdout.readline().split()]
        self.evaluations, self.objectives, self.sizes = head[0], head[1], head[2:]
        self.answers = {}

    def __call__(self, indices):
        key = tuple(indices)
        if key not in self.answers:
            self.process.stdin.write(" ".join(str(i) for i in key) + "\n")
            self.process.stdin.flush()
            words = self.process.stdout.readline().split()
            self.answers[key] = (int(words[0]), [float(w) for w in words[1:]])
        return self.answers[key]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Counted:
    """Measures points, and counts the different ones."""

    def __init__(self, problem, evaluations):
        self.problem, self.evaluations = problem, evaluations
        self.rows, self.known, self.stale = [], set(), 0

    def __call__(self, indices):
        number, row = self.problem(indices)
        if number in self.known:
            self.stale += 1
            if self.stale > 2000:
                raise Enough
        else:
            if len(self.rows) == self.evaluations:
                raise Enough
            self.stale = 0
            self.known.add(number)
            self.rows.append(row)
        return row[:-1], row[-1]


def optuna_study(sampler_of):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def run(counted, seed):
        problem = counted.problem
        study = optuna.create_study(directions=["minimize"] * problem.objectives, sampler=sampler_of(seed))

        def objective(trial):
            values, violation = counted([trial.suggest_int("p%d" % i, 0, n - 1) for i, n in enumerate(problem.sizes)])
            trial.set_user_attr("violation", violation)
            return values if problem.objectives > 1 else values[0]

        study.optimize(objective, n_trials=5 * counted.evaluations)

    return run


def violation_of(trial):
    return (trial.user_attrs.get("violation", 0.0),)


def deap_fronts(population, divisions, niching):
    import numpy
    from deap import base, creator, tools

    def run(counted, seed):
        problem = counted.problem
        name = "Fitness%d" % problem.objectives
        if not hasattr(creator, name):
            creator.create(name, base.Fitness, weights=(-1.0,) * problem.objectives)
            creator.create("Vector%d" % problem.objectives, list, fitness=getattr(creator, name))
        made = getattr(creator, "Vector%d" % problem.objectives)
        random.seed(seed)
        numpy.random.seed(seed)  # DEAP shuffles its niches with it
        last = [n - 1 for n in problem.sizes]
        low, high = [-0.499] * len(last), [n + 0.499 for n in last]
        directions = tools.uniform_reference_points(problem.objectives, divisions)
        corner = [-1e300] * problem.objectives

        def judge(vector):
            indices = [min(max(int(x + 0.5), 0), n) for x, n in zip(vector, last)]
            values, violation = counted(indices)
            if violation <= 0:
                for j, v in enumerate(values):
                    corner[j] = max(corner[j], v)
            elif corner[0] > -1e300:
                values = [c + abs(c) * violation for c in corner]
            vector.fitness.values = values

        def select(members):
            return tools.selNSGA3(members, population, directions) if niching else tools.selNSGA2(members, population)

        members = [made(random.uniform(a, b) for a, b in zip(low, high)) for _ in range(population)]
        for vector in members:
            judge(vector)
        members = select(members)
        copy = base.Toolbox().clone
        while True:
            chosen = [random.choice(members) for _ in range(population)] if niching else tools.selTournamentDCD(members, population)
            children = [copy(vector) for vector in chosen]
            for one, other in zip(children[::2], children[1::2]):
                if niching or random.random() < 0.9:
                    tools.cxSimulatedBinaryBounded(one, other, 20.0, low, high)
                for vector in (one, other):
                    tools.mutPolynomialBounded(vector, 20.0, low, high, 1 / len(low))
                    judge(vector)
            members = select(members + children)

    return run


def algorithms(problem):
    found = {}
    population, divisions = (92, 12) if problem.objectives == 3 else (40, 39)
    try:
        import optuna

        if problem.objectives > 1:
            found["optuna nsga2"] = optuna_study(
                lambda seed: optuna.samplers.NSGAIISampler(seed=seed, population_size=population, constraints_func=violation_of))
        else:
            found["optuna cma-es with margin"] = optuna_study(lambda seed: optuna.samplers.CmaEsSampler(seed=seed, with_margin=True, restart_strategy="ipop"))
        found["optuna tpe"] = optuna_study(
            lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, constraints_func=violation_of if problem.objectives > 1 else None))
    except ImportError:
        print("skipped: Optuna is not installed (Debian: python3-optuna, python3-cmaes)", file=sys.stderr)
    try:
        if problem.objectives > 1:
            found["deap nsga2"] = deap_fronts(population, divisions, False)
            found["deap nsga3"] = deap_fronts(population, divisions, True)
    except ImportError:
        print("skipped: DEAP is not installed (Debian: python3-deap)", file=sys.stderr)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("out")
    parser.add_argument("--problems", default="accel_nas_bench,clip_accelerators,moofa,dtlz2,zdt1,mixed_ellipsoid")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=0, help="other than the problem's")
    parser.add_argument("--only", default="", help="names that hold this text")
    parser.add_argument("--without", default="", help="leaves out names that hold this text")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for name in options.problems.split(","):
        problem = Problem(options.program, name)
        for algorithm, run in algorithms(problem).items():
            if options.only not in algorithm or (options.without and options.without in algorithm):
                continue
            start, rows = time.process_time(), []
            for seed in range(options.first, options.first + options.seeds):
                counted = Counted(problem, options.evaluations or problem.evaluations)
                try:
                    run(counted, seed)
                except Enough:
                    pass
                rows += [[seed] + [repr(v) for v in row] for row in counted.rows]
            with open(os.path.join(options.out, "%s.%s.csv" % (name, algorithm)), "w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["seed"] + ["objective%d" % j for j in range(problem.objectives)] + ["violation"])
                writer.writerows(rows)
            print("%-18s %-26s %.2f CPU s a search" % (name, algorithm, (time.process_time() - start) / options.seeds), flush=True)
        problem.close()


if __name__ == "__main__":
    main()
