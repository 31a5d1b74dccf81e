"""Functions that run at once, each in a thread of its own."""

import sys
from concurrent.futures import ThreadPoolExecutor


def at_once(*functions):
    """Waits for all, and raises what one raised; threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # else a missing lock is noticed once in many runs
    try:
        with ThreadPoolExecutor(len(functions)) as pool:
            for future in [pool.submit(function) for function in functions]:
                future.result()
    finally:
        sys.setswitchinterval(usual)
