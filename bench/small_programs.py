"""The peer of small_programs.ts: a program from a JSON file, solved by SciPy's linprog (HiGHS) or, if it has a Hessian, by SLSQP.

Answers each line "file 0 repetitions" with the CPU seconds per solve.
"""
import json

import numpy as np
from scipy.optimize import LinearConstraint, linprog, minimize

from peer import answer


def bounded(pairs):
    return [(None if a is None else a, None if b is None else b) for a, b in pairs]


def make(file, _):
    with open(file) as text:
        data = json.load(text)
    c, A = np.array(data["c"]), np.array(data["A"]).reshape(-1, len(data["c"]))
    rows = [(-np.inf if a is None else a, np.inf if b is None else b) for a, b in data["rows"]]
    low, high = np.array([a for a, _ in rows]), np.array([b for _, b in rows])
    bounds = bounded(data["bounds"])
    if data["P"]:
        P = np.array(data["P"]).reshape(len(c), len(c))
        constraints = [LinearConstraint(A, low, high)] if len(rows) else []

        def solve():
            return minimize(lambda x: (x @ P @ x / 2 + c @ x, P @ x + c), data["start"], jac=True, method="SLSQP",
                            bounds=bounds, constraints=constraints, options={"ftol": 1e-12, "maxiter": 1000})
    else:
        equal, above, below = low == high, (low < high) & (low > -np.inf), (low < high) & (high < np.inf)
        A_ub = np.vstack([A[below], -A[above]])
        b_ub = np.concatenate([high[below], -low[above]])

        def solve():
            return linprog(c, A_ub=A_ub, b_ub=b_ub, A_eq=A[equal], b_eq=low[equal], bounds=bounds)
    solution = solve()
    assert abs(solution.fun - data["value"]) <= 1e-5 * (1 + abs(data["value"])), (file, solution)
    return solve


answer(make)
