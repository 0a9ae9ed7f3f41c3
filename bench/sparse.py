"""The peer of sparse.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import os

import numpy as np
import scipy.io
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from peer import answer

data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "data")


def grid(m):
    line, one = sp.diags([-np.ones(m - 1), 2 * np.ones(m), -np.ones(m - 1)], [-1, 0, 1]), sp.eye(m)
    return (sp.kron(line, one) + sp.kron(one, line)).tocsr()


def matrix(name, m):
    return grid(m).tocsc() if name == "grid" else scipy.io.mmread(os.path.join(data, name + ".mtx.gz")).tocsc()


def make(operation, n):
    words = operation.split()
    if words[0] == "product":
        a, x = grid(n), np.sin(np.arange(n * n))
        a.sort_indices()
        return lambda: a @ x
    if words[0] in ("square", "transpose", "sum", "dense"):
        a, x = grid(n), np.sin(np.arange(8 * n * n)).reshape(n * n, 8)
        a.sort_indices()
        return {
            "square": lambda: a @ a,
            "transpose": lambda: a.T.tocsr(),
            "sum": lambda: a + 2 * a,
            "dense": lambda: a @ x,
        }[words[0]]
    a = matrix(words[-1], n)
    if words[0] == "solve":
        factors, b = splu(a), np.sin(np.arange(a.shape[0]))
        return lambda: factors.solve(b)
    if words[1] == "symmetric":
        options = dict(SymmetricMode=True)
        return lambda: splu(a, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    return lambda: splu(a)


answer(make)
