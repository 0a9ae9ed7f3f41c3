"""The peer of least_squares.ts: sums of squares in boxes with their Jacobian matrices in NumPy, by SciPy's least_squares(method="trf").

Answers each line "problem 0 repetitions" with the CPU seconds per run; with the argument `values` it prints the value reached and
the number of evaluations for each problem.
"""
import sys

import numpy as np
from scipy.optimize import least_squares

from peer import answer

T = np.arange(9) / 2
Y = np.array([3.1, 2.2, 1.7, 1.2, 1.05, .85, .8, .9, .7])
NONE = np.inf


def valley(x):
    return np.array([10 * (x[1] - x[0] * x[0]), 1 - x[0]])


def valley_jacobian(x):
    return np.array([[-20 * x[0], 10], [-1, 0]])


def decay(x):
    return x[0] * np.exp(-x[1] * T) + x[2] - Y


def decay_jacobian(x):
    e = np.exp(-x[1] * T)
    return np.stack([e, -x[0] * T * e, np.ones(9)], axis=1)


SEEN = np.array([.1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342, .0323, .0235, .0246])
AT = np.array([4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625])


def kowalik(x):
    return x[0] * (AT * AT + AT * x[1]) / (AT * AT + AT * x[2] + x[3]) - SEEN


def kowalik_jacobian(x):
    d = AT * AT + AT * x[2] + x[3]
    q = (AT * AT + AT * x[1]) / d
    return np.stack([q, x[0] * AT / d, -x[0] * q * AT / d, -x[0] * q / d], axis=1)


def powell(x):
    a, b, c, d = x.tolist()
    return np.array([a + 10 * b, 5 ** .5 * (c - d), (b - 2 * c) ** 2, 10 ** .5 * (a - d) ** 2])


def powell_jacobian(x):
    a, b, c, d = x.tolist()
    r, s, t = 5 ** .5, 2 * (b - 2 * c), 2 * 10 ** .5 * (a - d)
    return np.array([[1, 10, 0, 0], [0, 0, r, -r], [0, s, -2 * s, 0], [t, 0, 0, -t]])


def wood(x):
    a, b, c, d = x.tolist()
    tenth = 10 ** .5
    return np.array([10 * (b - a * a), 1 - a, 3 * tenth * (d - c * c), 1 - c, tenth * (b + d - 2), (b - d) / tenth])


def wood_jacobian(x):
    a, _, c, _ = x.tolist()
    tenth = 10 ** .5
    return np.array([
        [-20 * a, 10, 0, 0],
        [-1, 0, 0, 0],
        [0, 0, -6 * tenth * c, 3 * tenth],
        [0, 0, -1, 0],
        [0, tenth, 0, tenth],
        [0, 1 / tenth, 0, -1 / tenth],
    ])


PROBLEMS = {
    "Rosenbrock": (valley, valley_jacobian, [-1.2, 1], -NONE, [.5, NONE]),
    "Decay": (decay, decay_jacobian, [1, 1, 0], 0, [10, 10, .5]),
    "KowalikOsborne": (kowalik, kowalik_jacobian, [.15, .39, .415, .39], [0, .25, 0, 0], [.18, 1, 1, 1]),
    "PowellSingular": (powell, powell_jacobian, [3, -1, .5, 1], [.1, -20, -20, .2], 20),
    "Wood": (wood, wood_jacobian, [-3, -1, -3, -1], -10, [0, 10, 10, 10]),
}


def run(name):
    residual, jacobian, start, lower, upper = PROBLEMS[name]
    return least_squares(residual, start, jacobian, (lower, upper), method="trf", ftol=1e-14, xtol=1e-14, gtol=1e-9)


if sys.argv[1:] == ["values"]:
    for problem in PROBLEMS:
        result = run(problem)
        print(problem, repr(float(result.cost)), result.nfev)
else:
    answer(lambda name, _: lambda: run(name))
