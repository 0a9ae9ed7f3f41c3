"""The peer of kernels.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import numpy as np
from scipy.linalg import cholesky, qr
from scipy.optimize import minimize, rosen, rosen_der

from peer import answer

random = np.random.default_rng(1)


def gemm(n):
    a, b, c = random.standard_normal((n, n)), random.standard_normal((n, n)), np.empty((n, n))
    return lambda: np.matmul(a, b, out=c)


def factor(n):
    g = random.standard_normal((n, n))
    s = g @ g.T + n * np.eye(n)
    return lambda: cholesky(s, lower=True, check_finite=False)


def solve(n):
    a, b = random.standard_normal((n, n)), random.standard_normal(n)
    return lambda: np.linalg.solve(a, b)


def orthogonal(n):
    a = random.standard_normal((n, n))
    return lambda: qr(a, check_finite=False)


def lbfgs(n):
    start = np.empty(n)
    start[0::2], start[1::2] = -1.2, 1.0
    options = {"gtol": 1e-6, "ftol": 0, "maxiter": 100000, "maxfun": 100000}
    return lambda: minimize(rosen, start, jac=rosen_der, method="L-BFGS-B", options=options)


operations = {"gemm": gemm, "cholesky": factor, "solve": solve, "qr": orthogonal, "lbfgs": lbfgs}


answer(lambda operation, n: operations[operation](n))
