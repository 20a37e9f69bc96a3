"""Entering: the compiled loop of the reverse direction: which questions a new document matters to."""

from typing import Any

import numpy as np

from matching.kernels import compiled

BLOCK = 256


@compiled
def add_shares(starts: Any, owners: Any, base: Any, columns: Any, factors: Any, sums: Any) -> None:
    """Adds what a document of these columns counts for each question: column c is asked by
    owners[starts[c]:starts[c + 1]], at these weights."""
    for i in range(len(columns)):
        factor = factors[i]
        for posting in range(starts[columns[i]], starts[columns[i] + 1]):
            sums[owners[posting]] += factor * base[posting]


@compiled
def share_of(starts: Any, owners: Any, base: Any, column: Any, owner: Any) -> Any:
    """Weight of a column in the question of one owner; 0 when it does not ask it. Owners are rising."""
    low, high = starts[column], starts[column + 1]
    while low < high:
        middle = (low + high) >> 1
        if owners[middle] < owner:
            low = middle + 1
        else:
            high = middle
    if low < starts[column + 1] and owners[low] == owner:
        return base[low]
    return np.float32(0)


@compiled
def leave_out(starts: Any, tops: Any, columns: Any, factors: Any, allowed: Any) -> Any:
    """Puts the columns with the longest lists first and says how many of them add no more than allowed to any
    question, and what they can add together. tops: the greatest weight of each column."""
    order = np.argsort(starts[columns] - starts[columns + 1])
    columns[:], factors[:] = columns[order], factors[order]
    rest, count = 0.0, 0
    while count < len(columns) and rest + factors[count] * tops[columns[count]] <= allowed:
        rest += factors[count] * tops[columns[count]]
        count += 1
    return count, rest


@compiled
def reaching(sums: Any, needs: Any, slack: Any) -> Any:
    """How many sums come that near to their needs."""
    count = np.int32(0)
    for i in range(len(sums)):
        count += np.int32(sums[i] + slack >= needs[i])
    return count


@compiled
def enter(
    starts: Any, owners: Any, base: Any, tops: Any, columns: Any, factors: Any, allowed: Any, needs: Any, sums: Any,
    found: Any,
) -> Any:  # fmt: skip
    """Which questions a document of these columns reaches the need of: places in `found`, their number.

    Columns that many ask and that add no more than `allowed` are looked up only for the questions that the others
    bring near their need. A need below 0 is no need and never reached. `sums` of what is found are whole.
    """
    left, rest = leave_out(starts, tops, columns, factors, allowed)
    add_shares(starts, owners, base, columns[left:], factors[left:], sums)
    slack, count = np.float32(rest * 1.0001), 0
    for first in range(0, len(needs), BLOCK):
        last = min(len(needs), first + BLOCK)
        if not reaching(sums[first:last], needs[first:last], slack):
            continue
        for place in range(first, last):
            if sums[place] + slack < needs[place] or needs[place] < 0:
                continue
            for i in range(left):
                sums[place] += factors[i] * share_of(starts, owners, base, columns[i], place)
            if sums[place] >= needs[place] and sums[place] > 0:
                found[count] = place
                count += 1
    return count
