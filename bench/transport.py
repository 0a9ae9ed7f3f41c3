"""The peer of transport.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import sys
import time
import warnings

import numpy as np
import ot

warnings.simplefilter("ignore")  # a hundred iterations need not converge
random = np.random.default_rng(1)


def sinkhorn(method):
    def operation(n):
        a, costs = np.full(n, 1 / n), random.random((n, n))
        return lambda: ot.sinkhorn(a, a, costs, 0.05, method=method, numItermax=100, stopThr=0)
    return operation


def points_in_the_square(n):
    a, costs = np.full(n, 1 / n), ot.dist(random.random((n, 2)), random.random((n, 2)))
    return lambda: ot.emd(a, a, costs)


def random_assignment(n):
    a, costs = np.full(n, 1 / n), random.random((n, n))
    return lambda: ot.emd(a, a, costs)


operations = {
    "sinkhorn": sinkhorn("sinkhorn_log"),
    "sinkhorn-kernel": sinkhorn("sinkhorn"),
    "points in the square": points_in_the_square,
    "random assignment": random_assignment,
}
made = {}
for line in sys.stdin:
    *words, n, repetitions = line.split()
    name = " ".join(words)
    if (name, n) not in made:
        made[name, n] = operations[name](int(n))
        made[name, n]()
    call = made[name, n]
    begin = time.process_time()
    for _ in range(int(repetitions)):
        call()
    print((time.process_time() - begin) / int(repetitions), flush=True)
