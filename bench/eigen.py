"""The peer of eigen.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import numpy as np
import scipy.fft as sf
import scipy.linalg as sl

from peer import answer

random = np.random.default_rng(1)


def general(n):
    return random.standard_normal((n, n))


def symmetric(n):
    g = general(n)
    return g + g.T


def definite(n):
    g = general(n)
    return g @ g.T / n + np.eye(n)


def shifted(n):
    return general(n) + 3 * np.sqrt(n) * np.eye(n)


def signal(n):
    return random.standard_normal(n) + 1j * random.standard_normal(n)


def real_signal(n):
    return random.standard_normal(n)


def of(make, function):
    def operation(n):
        a = make(n)
        return lambda: function(a)
    return operation


def pair(n):
    a, b = symmetric(n), definite(n)
    return lambda: sl.eigh(a, b)


operations = {
    "eigh": of(symmetric, np.linalg.eigh),
    "eigvalsh": of(symmetric, np.linalg.eigvalsh),
    "eigh-pair": pair,
    "svd": of(general, np.linalg.svd),
    "svdvals": of(general, sl.svdvals),
    "eig": of(general, np.linalg.eig),
    "eigvals": of(general, np.linalg.eigvals),
    "schur": of(general, sl.schur),
    "hessenberg": of(general, lambda a: sl.hessenberg(a, calc_q=True)),
    "expm": of(general, sl.expm),
    "logm": of(shifted, sl.logm),
    "sqrtm": of(shifted, sl.sqrtm),
    "fft": of(signal, sf.fft),
    "rfft": of(real_signal, sf.rfft),
    "dct": of(real_signal, lambda x: sf.dct(x, norm="ortho")),
}


answer(lambda operation, n: operations[operation](n))
