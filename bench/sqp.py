"""The peer of sqp.ts: problems of Hock and Schittkowski with derivatives in NumPy, minimized by SciPy's SLSQP.

Answers each line "problem 0 repetitions" with the CPU seconds per run; with the argument `values` it prints the value reached and
the iterations for each problem.
"""
import sys

import numpy as np
from scipy.optimize import minimize

from peer import answer


def rosen_suzuki():
    def f(x):
        a, b, c, d = x
        return a * a + b * b + 2 * c * c + d * d - 5 * a - 5 * b - 21 * c + 7 * d, np.array(
            [2 * a - 5, 2 * b - 5, 4 * c - 21, 2 * d + 7])

    def g(x):
        a, b, c, d = x
        return np.array([
            8 - a * a - b * b - c * c - d * d - a + b - c + d,
            10 - a * a - 2 * b * b - c * c - 2 * d * d + a + d,
            5 - 2 * a * a - b * b - c * c - 2 * a + b + d,
        ])

    def jacobian(x):
        a, b, c, d = x
        return np.array([
            [-2 * a - 1, -2 * b + 1, -2 * c - 1, -2 * d + 1],
            [-2 * a + 1, -4 * b, -2 * c, -4 * d + 1],
            [-4 * a - 2, -2 * b + 1, -2 * c, 1],
        ])

    return f, [{"type": "ineq", "fun": g, "jac": jacobian}], None, [0, 0, 0, 0]


def hs71():
    def f(x):
        a, b, c, d = x
        return a * d * (a + b + c) + c, np.array([d * (2 * a + b + c), a * d, a * d + 1, a * (a + b + c)])

    def product(x):
        return x[0] * x[1] * x[2] * x[3] - 25

    def product_gradient(x):
        a, b, c, d = x
        return np.array([b * c * d, a * c * d, a * b * d, a * b * c])

    equality = {"type": "eq", "fun": lambda x: x @ x - 40, "jac": lambda x: 2 * x}
    inequality = {"type": "ineq", "fun": product, "jac": product_gradient}
    return f, [equality, inequality], [(1, 5)] * 4, [1, 5, 5, 1]


def hs100():
    def f(x):
        a, b, c, d, e, g, h = x
        value = ((a - 10)**2 + 5 * (b - 12)**2 + c**4 + 3 * (d - 11)**2 + 10 * e**6 + 7 * g * g + h**4 - 4 * g * h - 10 * g -
                 8 * h)
        return value, np.array([
            2 * (a - 10), 10 * (b - 12), 4 * c**3, 6 * (d - 11), 60 * e**5, 14 * g - 4 * h - 10, 4 * h**3 - 4 * g - 8
        ])

    def constraints(x):
        a, b, c, d, e, g, h = x
        return np.array([
            127 - 2 * a * a - 3 * b**4 - c - 4 * d * d - 5 * e,
            282 - 7 * a - 3 * b - 10 * c * c - d + e,
            196 - 23 * a - b * b - 6 * g * g + 8 * h,
            -4 * a * a - b * b + 3 * a * b - 2 * c * c - 5 * g + 11 * h,
        ])

    def jacobian(x):
        a, b, c, d, e, g, h = x
        return np.array([
            [-4 * a, -12 * b**3, -1, -8 * d, -5, 0, 0],
            [-7, -3, -20 * c, -1, 1, 0, 0],
            [-23, -2 * b, 0, 0, 0, -12 * g, 8],
            [-8 * a + 3 * b, -2 * b + 3 * a, -4 * c, 0, 0, -5, 11],
        ])

    return f, [{"type": "ineq", "fun": constraints, "jac": jacobian}], None, [1, 2, 0, 4, 0, 1, 1]


PROBLEMS = {"43": rosen_suzuki(), "71": hs71(), "100": hs100()}


def run(name):
    f, constraints, bounds, start = PROBLEMS[name]
    return minimize(f, np.array(start, dtype=float), jac=True, method="SLSQP", bounds=bounds, constraints=constraints,
                    options={"ftol": 1e-9})


if __name__ == "__main__":
    if sys.argv[1:] == ["values"]:
        for name in PROBLEMS:
            result = run(name)
            print(name, repr(float(result.fun)), result.nit)
    else:
        answer(lambda name, _: lambda: run(name))
