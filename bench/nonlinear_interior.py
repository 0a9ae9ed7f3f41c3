"""The peer of nonlinear_interior.ts: the problems of sqp.py, minimized by SciPy's trust-constr, an interior-point method.

Answers each line "problem 0 repetitions" with the CPU seconds per run; with the argument `values` it prints the value reached and
the iterations for each problem.
"""
import sys
import warnings

import numpy as np
from scipy.optimize import Bounds, NonlinearConstraint, minimize

from peer import answer
from sqp import PROBLEMS

warnings.simplefilter("ignore")  # it says so where a quasi-Newton matrix is not updated


def run(name):
    f, constraints, bounds, start = PROBLEMS[name]
    upper = {"eq": 0, "ineq": np.inf}
    return minimize(
        f, np.array(start, dtype=float), jac=True, method="trust-constr",
        bounds=None if bounds is None else Bounds(*zip(*bounds), keep_feasible=False),
        constraints=[NonlinearConstraint(c["fun"], 0, upper[c["type"]], jac=c["jac"]) for c in constraints],
        options={"gtol": 1e-8, "xtol": 1e-10, "barrier_tol": 1e-8, "maxiter": 1000})


if sys.argv[1:] == ["values"]:
    for name in PROBLEMS:
        result = run(name)
        print(name, repr(float(result.fun)), result.nit)
else:
    answer(lambda name, _: lambda: run(name))
