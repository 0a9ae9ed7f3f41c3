"""The peer of bounds.ts: functions in boxes with gradients in NumPy, minimized by SciPy's L-BFGS-B.

Answers each line "problem 0 repetitions" with the CPU seconds per run; with the argument `values` it prints the value reached and
the number of evaluations for each problem.
"""
import sys

import numpy as np
from scipy.optimize import minimize

from peer import answer


def rosenbrock(x):
    r, s = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    g = np.zeros_like(x)
    g[:-1] = -400 * x[:-1] * r - 2 * s
    g[1:] += 200 * r
    return 100 * (r @ r) + s @ s, g


def colville(x):
    a, b, c, d = x.tolist()
    r, s, t, u = b - a * a, 1 - a, d - c * c, 1 - c
    value = 100 * r * r + s * s + 90 * t * t + u * u + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1)
    return value, np.array([
        -400 * a * r - 2 * s,
        200 * r + 20.2 * (b - 1) + 19.8 * (d - 1),
        -360 * c * t - 2 * u,
        180 * t + 20.2 * (d - 1) + 19.8 * (b - 1),
    ])


def logarithms(x):
    low, high, product = np.log(x - 2), np.log(10 - x), x.prod() ** .2
    return low @ low + high @ high - product, 2 * low / (x - 2) - 2 * high / (10 - x) - .2 * product / x


PROBLEMS = {
    "HS1": (rosenbrock, [-2, 1], [(None, None), (-1.5, None)]),
    "HS38": (colville, [-3, -1, -3, -1], [(-10, 10)] * 4),
    "HS110": (logarithms, [9] * 10, [(2.001, 9.999)] * 10),
    "Rosenbrock2": (rosenbrock, [-1.2, 1], [(None, .5), (None, None)]),
    "Rosenbrock10": (rosenbrock, [-1.2, .9] * 5, [(None, .9)] * 10),
}


def run(name):
    function, start, bounds = PROBLEMS[name]
    return minimize(function, np.array(start, dtype=float), jac=True, method="L-BFGS-B", bounds=bounds,
                    options={"gtol": 1e-6, "ftol": 0})


if sys.argv[1:] == ["values"]:
    for problem in PROBLEMS:
        result = run(problem)
        print(problem, repr(float(result.fun)), result.nfev)
else:
    answer(lambda name, _: lambda: run(name))
