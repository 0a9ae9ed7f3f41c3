"""The peer of krylov.ts: answers each line "operation n repetitions" with the CPU seconds per call, in one thread."""
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sl

from peer import answer

random = np.random.default_rng(1)


def poisson(n):
    line = sp.diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(n, n))
    return (sp.kron(line, sp.eye(n)) + sp.kron(sp.eye(n), line)).tocsr()


def iterations(count):
    def operation(n):
        a, b = poisson(n), random.standard_normal(n * n)
        return lambda: sl.cg(a, b, maxiter=count, atol=0)
    return operation


def spmv(n):
    a, b = poisson(n), random.standard_normal(n * n)
    return lambda: a @ b


def eigsh(n):
    a = poisson(n)
    return lambda: sl.eigsh(a, 6, which="LA", tol=1e-10)


operations = {"cg": iterations(100), "spmv": spmv, "eigsh": eigsh}


answer(lambda operation, n: operations[operation](n))
