"""The peer of minimize.ts: problems of More, Garbow and Hillstrom with gradients in NumPy, minimized by SciPy's default for them, BFGS.

Answers each line "problem 0 repetitions" with the CPU seconds per run; with the argument `values` it prints the value at the start
and the one reached for each problem.
"""
import sys

import numpy as np
from scipy.optimize import minimize

from peer import answer


def squares(residual, jacobian):
    """The sum of squares and its gradient."""

    def function(x):
        r = residual(x)
        return r @ r, 2 * (r @ jacobian(x))

    return function


BARD = np.array([.14, .18, .22, .25, .29, .32, .35, .39, .37, .58, .73, .96, 1.34, 2.10, 4.39])
U = np.arange(1., 16)
V = 16 - U
W = np.minimum(U, V)


def bard(x):
    return BARD - (x[0] + U / (V * x[1] + W * x[2]))


def bard_jacobian(x):
    d = (V * x[1] + W * x[2]) ** 2
    return np.stack([np.full(15, -1.), U * V / d, U * W / d], axis=1)


KOWALIK = np.array([.1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342, .0323, .0235, .0246])
AT = np.array([4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625])


def kowalik(x):
    return KOWALIK - x[0] * (AT * AT + AT * x[1]) / (AT * AT + AT * x[2] + x[3])


def kowalik_jacobian(x):
    d = AT * AT + AT * x[2] + x[3]
    q = (AT * AT + AT * x[1]) / d
    return np.stack([-q, -x[0] * AT / d, x[0] * q * AT / d, x[0] * q / d], axis=1)


T = np.arange(1., 21) / 5
E, S, C = np.exp(T), np.sin(T), np.cos(T)


def dennis(x):
    return (x[0] + T * x[1] - E) ** 2 + (x[2] + S * x[3] - C) ** 2


def dennis_jacobian(x):
    a, b = 2 * (x[0] + T * x[1] - E), 2 * (x[2] + S * x[3] - C)
    return np.stack([a, a * T, b, b * S], axis=1)


TENTHS = np.arange(1., 14) / 10
BIGGS = np.exp(-TENTHS) - 5 * np.exp(-10 * TENTHS) + 3 * np.exp(-4 * TENTHS)


def biggs(x):
    return x[2] * np.exp(-TENTHS * x[0]) - x[3] * np.exp(-TENTHS * x[1]) + x[5] * np.exp(-TENTHS * x[4]) - BIGGS


def biggs_jacobian(x):
    a, b, c = np.exp(-TENTHS * x[0]), np.exp(-TENTHS * x[1]), np.exp(-TENTHS * x[4])
    return np.stack([-TENTHS * x[2] * a, TENTHS * x[3] * b, a, -b, -TENTHS * x[5] * c, c], axis=1)


POWERS = (np.arange(1., 30) / 29)[:, None] ** np.arange(6.)
SLOPES = np.concatenate([np.zeros((29, 1)), np.arange(1., 6) * POWERS[:, :5]], axis=1)


def watson(x):
    return np.concatenate([SLOPES @ x - (POWERS @ x) ** 2 - 1, [x[0], x[1] - x[0] ** 2 - 1]])


def watson_jacobian(x):
    last = np.zeros((2, 6))
    last[0, 0] = last[1, 1] = 1
    last[1, 0] = -2 * x[0]
    return np.concatenate([SLOPES - 2 * (POWERS @ x)[:, None] * POWERS, last])


def rosenbrock(x):
    r = np.empty_like(x)
    r[0::2] = 10 * (x[1::2] - x[0::2] ** 2)
    r[1::2] = 1 - x[0::2]
    return r @ r, rosenbrock_gradient(x, r)


def rosenbrock_gradient(x, r):
    g = np.empty_like(x)
    g[0::2] = -40 * x[0::2] * r[0::2] - 2 * r[1::2]
    g[1::2] = 20 * r[0::2]
    return g


INDICES = np.arange(1., 11)


def dimensioned(x):
    d = x - 1
    s = INDICES @ d
    return d @ d + s * s + s ** 4, 2 * d + (2 * s + 4 * s ** 3) * INDICES


def trigonometric(x):
    c, s = np.cos(x), np.sin(x)
    r = 10 - c.sum() + INDICES * (1 - c) - s
    return r @ r, 2 * (r.sum() * s + r * (INDICES * s - c))


def tridiagonal(x):
    r = (3 - 2 * x) * x + 1
    r[1:] -= x[:-1]
    r[:-1] -= 2 * x[1:]
    g = (3 - 4 * x) * r
    g[:-1] -= r[1:]
    g[1:] -= 2 * r[:-1]
    return r @ r, 2 * g


def freudenstein(x):
    a, b = x.tolist()
    r, s = -13 + a + ((5 - b) * b - 2) * b, -29 + a + ((b + 1) * b - 14) * b
    return r * r + s * s, np.array([2 * (r + s), 2 * (r * ((10 - 3 * b) * b - 2) + s * ((3 * b + 2) * b - 14))])


def beale(x):
    a, b = x.tolist()
    r, s, t = 1.5 - a * (1 - b), 2.25 - a * (1 - b * b), 2.625 - a * (1 - b ** 3)
    return r * r + s * s + t * t, np.array([
        -2 * (r * (1 - b) + s * (1 - b * b) + t * (1 - b ** 3)),
        2 * a * (r + 2 * s * b + 3 * t * b * b),
    ])


def wood(x):
    a, b, c, d = x.tolist()
    r, s, t, u, v = b - a * a, 1 - a, d - c * c, 1 - c, b + d - 2
    w = b - d
    return 100 * r * r + s * s + 90 * t * t + u * u + 10 * v * v + w * w / 10, np.array([
        -400 * a * r - 2 * s,
        200 * r + 20 * v + w / 5,
        -360 * c * t - 2 * u,
        180 * t + 20 * v - w / 5,
    ])


def helical(x):
    a, b, c = x.tolist()
    rho = np.hypot(a, b)
    theta = np.arctan(b / a) / (2 * np.pi) + (.5 if a < 0 else 0)
    r, s = 10 * (c - 10 * theta), 10 * (rho - 1)
    turn = 1 / (2 * np.pi * rho * rho)
    return r * r + s * s + c * c, np.array([
        2 * (100 * r * b * turn + 10 * s * a / rho),
        2 * (-100 * r * a * turn + 10 * s * b / rho),
        20 * r + 2 * c,
    ])


PROBLEMS = {
    "Rosenbrock": (rosenbrock, [-1.2, 1]),
    "FreudensteinRoth": (freudenstein, [.5, -2]),
    "Beale": (beale, [1, 1]),
    "HelicalValley": (helical, [-1, 0, 0]),
    "Bard": (squares(bard, bard_jacobian), [1, 1, 1]),
    "Wood": (wood, [-3, -1, -3, -1]),
    "KowalikOsborne": (squares(kowalik, kowalik_jacobian), [.25, .39, .415, .39]),
    "BrownDennis": (squares(dennis, dennis_jacobian), [25, 5, -5, -1]),
    "BiggsEXP6": (squares(biggs, biggs_jacobian), [1, 2, 1, 1, 1, 1]),
    "Watson6": (squares(watson, watson_jacobian), [0] * 6),
    "ExtRosenbrock10": (rosenbrock, [-1.2, 1] * 5),
    "VariablyDim10": (dimensioned, 1 - INDICES / 10),
    "Trigonometric10": (trigonometric, [.1] * 10),
    "BroydenTridiag10": (tridiagonal, [-1] * 10),
}


def run(name):
    function, start = PROBLEMS[name]
    return minimize(function, np.array(start, dtype=float), jac=True, options={"gtol": 1e-6})


if sys.argv[1:] == ["values"]:
    for name, (function, start) in PROBLEMS.items():
        result = run(name)
        print(name, repr(float(function(np.array(start, dtype=float))[0])), repr(float(result.fun)), result.nfev)
else:
    answer(lambda name, _: lambda: run(name))
