"""What serve.ts is, for competitors in Python."""

import json
import math
import sys
import time


def clock(fn, calls):
    start = time.perf_counter()
    for _ in range(calls):
        fn()
    return (time.perf_counter() - start) * 1e3 / calls


def prepare(fn, budget):
    if fn is None:
        return None
    once = clock(fn, 3)
    ms = clock(fn, min(3000, math.ceil(20 * budget / once)))
    return fn, max(1, round(budget / ms))


def serve(make):
    """Answers each line {…, budget} with the milliseconds that the function which `make` makes for it takes."""
    known = {}
    for line in sys.stdin:
        if line not in known:
            task = json.loads(line)
            known[line] = prepare(make(task), task["budget"])
        made = known[line]
        print(json.dumps({"ms": made and clock(*made)}), flush=True)
