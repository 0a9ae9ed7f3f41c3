"""The peer of overhead.ts: answers each line "n repetitions" with the CPU seconds per solve, evaluations and |g|."""
import sys
import time

from numpy import abs, empty
from scipy.optimize import minimize, rosen, rosen_der


def solve(n):
    start = empty(n)
    start[0::2], start[1::2] = -1.2, 1.0
    options = {"gtol": 1e-6, "ftol": 0, "maxiter": 100000, "maxfun": 100000}
    return minimize(rosen, start, jac=rosen_der, method="L-BFGS-B", options=options)


for line in sys.stdin:
    n, repetitions = (int(word) for word in line.split())
    begin = time.process_time()
    for _ in range(repetitions):
        result = solve(n)
    seconds = (time.process_time() - begin) / repetitions
    print(seconds, result.nfev, abs(result.jac).max(), flush=True)
