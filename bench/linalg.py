"""The peer of linalg.ts and native.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import numpy as np
import scipy.linalg as sl

from peer import answer

random = np.random.default_rng(1)


def general(n):
    return random.standard_normal((n, n))


def definite(n):
    g = general(n)
    return g @ g.T + n * np.eye(n)


def symmetric(n):
    g = general(n)
    return g + g.T


def with_right_hand_side(make, solve):
    def operation(n):
        a, b = make(n), random.standard_normal(n)
        return lambda: solve(a, b)
    return operation


def of(make, function):
    def operation(n):
        a = make(n)
        return lambda: function(a)
    return operation


def dot(n):
    x, y = random.standard_normal(n), random.standard_normal(n)
    return lambda: np.dot(x, y)


def product(n):
    a, b = general(n), general(n)
    return lambda: a @ b


def product_into(n):
    a, b, c = general(n), general(n), np.empty((n, n))
    return lambda: np.matmul(a, b, out=c)


def product_with_vector(n):
    a, x, y = general(n), random.standard_normal(n), np.empty(n)
    return lambda: np.matmul(a, x, out=y)


operations = {
    "dot": dot,
    "matmul": product,
    "matmul into": product_into,
    "matvec into": product_with_vector,
    "solve": with_right_hand_side(general, np.linalg.solve),
    "solve definite": with_right_hand_side(definite, lambda a, b: sl.solve(a, b, assume_a="pos")),
    "lstsq": with_right_hand_side(lambda n: random.standard_normal((n, n // 2)), lambda a, b: np.linalg.lstsq(a, b, rcond=None)),
    "lu": of(general, sl.lu_factor),
    "cholesky": of(definite, lambda a: sl.cholesky(a, lower=True)),
    "ldlt": of(symmetric, sl.ldl),
    "qr": of(general, sl.qr),
    "inv": of(general, np.linalg.inv),
    "eigh": of(symmetric, np.linalg.eigh),
    "svd": of(general, np.linalg.svd),
}


answer(lambda operation, n: operations[operation](n))
