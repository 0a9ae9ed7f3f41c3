"""What the peers of the benches share: the answers to the lines "operation n repetitions" of the standard input."""
import sys
import time

import scipy


def answer(make):
    """Prints the CPU seconds per call for each line; `make(operation, n)` makes the call, outside the time."""
    print("SciPy", scipy.__version__, file=sys.stderr)
    made = {}
    for line in sys.stdin:
        operation, n, repetitions = line.rsplit(maxsplit=2)
        if (operation, n) not in made:
            made[operation, n] = make(operation, int(n))
            made[operation, n]()
        call = made[operation, n]
        begin = time.process_time()
        for _ in range(int(repetitions)):
            call()
        print((time.process_time() - begin) / int(repetitions), flush=True)
