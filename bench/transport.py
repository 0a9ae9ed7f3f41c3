"""The peer of transport.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import warnings

import numpy as np
import ot

from peer import answer

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


answer(lambda operation, n: operations[operation](n))
