"""Adding: the innermost compiled loops of `kernels.scan`: bounds are added up in 16 bits and their greatest found.

numba keeps compiled code by the age of one file: whoever changes this room touches `kernels` too, or removes the cache.
"""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit
from numba.core import types
from numba.extending import intrinsic

compiled = njit(nogil=True, cache=True)
LANES = 16  # documents whose bounds are looked at together


def _expecting(_: Any, array: Any, place: Any) -> Any:

    def generated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), ir.PointerType(ir.IntType(8)))
        flag = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, flag, flag, flag])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        builder.call(fetch, [address, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generated


expect: Any = intrinsic(_expecting)
"""expect(array, place) has the processor fetch array[place] while other work goes on."""


@compiled
def expect_list(places: Any, impacts: Any, start: Any, end: Any) -> None:
    """Has postings fetched, one line of 64 bytes after another, while others are added: lists are short, and the
    processor foresees only what goes on for long."""
    for p in range(start, end, 32):
        expect(places, p)
    for p in range(start, end, 64):
        expect(impacts, p)


@compiled
def add_bounds(sums: Any, places: Any, impacts: Any, step: Any) -> None:
    """Adds impact × step / 256, rounded up, to the sum of each place; four at a time, as the next sum is
    then on its way while one is written."""
    fours = len(places) & ~3
    half, low = np.uint32(8), np.uint32(255)
    for p in range(0, fours, 4):
        a, b, c, d = places[p], places[p + 1], places[p + 2], places[p + 3]
        sums[a] += np.uint16((np.uint32(impacts[p]) * step + low) >> half)
        sums[b] += np.uint16((np.uint32(impacts[p + 1]) * step + low) >> half)
        sums[c] += np.uint16((np.uint32(impacts[p + 2]) * step + low) >> half)
        sums[d] += np.uint16((np.uint32(impacts[p + 3]) * step + low) >> half)
    for p in range(fours, len(places)):
        sums[places[p]] += np.uint16((np.uint32(impacts[p]) * step + low) >> half)


@compiled
def add_pair(sums: Any, one: Any, other: Any, step: Any, second: Any) -> None:
    """Adds impact × step / 16 of two columns, each rounded down: 16 bits hold it all, for the vector unit."""
    s, t, h = np.uint16(step), np.uint16(second), np.uint16(4)
    for i in range(len(sums)):
        sums[i] = np.uint16(
            sums[i]
            + np.uint16(np.uint16(np.uint16(one[i]) * s) >> h)
            + np.uint16(np.uint16(np.uint16(other[i]) * t) >> h)
        )


@compiled
def add_fine_pair(sums: Any, one: Any, other: Any, step: Any, second: Any) -> None:
    """The same with impact × step / 64."""
    s, t, h = np.uint16(step), np.uint16(second), np.uint16(6)
    for i in range(len(sums)):
        sums[i] = np.uint16(
            sums[i]
            + np.uint16(np.uint16(np.uint16(one[i]) * s) >> h)
            + np.uint16(np.uint16(np.uint16(other[i]) * t) >> h)
        )


@compiled
def add_column(sums: Any, column: Any, step: Any) -> None:
    """Adds impact × step / 256, rounded down: for steps that are too large for the other way."""
    for row in range(len(column)):
        sums[row] += np.uint16((np.uint32(column[row]) * step) >> np.uint32(8))


@compiled
def greatest(sums: Any, tops: Any) -> None:
    """tops[j]: the greatest of sums[j], sums[j + w], sums[j + 2 w] …; by whole rows, for the vector unit."""
    width = len(tops)
    for j in range(width):
        tops[j] = sums[j]
    for lane in range(1, LANES):
        for j in range(width):
            tops[j] = max(tops[j], sums[lane * width + j])


@compiled
def reached_by(tops: Any, k: Any, counts: Any) -> Any:
    """A bound that at least k documents reach, 0 when fewer than k columns have one."""
    counts[:] = 0
    for top in tops:
        counts[top >> 8] += 1
    found = 0
    for high in range(255, -1, -1):
        found += counts[high]
        if found >= k:
            return high << 8
    return 0


@compiled
def add_columns(sums: Any, columns: Any, chosen: Any, steps: Any, count: Any, largest: Any) -> None:
    """Adds some columns at these steps, each rounded up to what the largest allows. There is room for one more."""
    inside = sums[: columns.shape[1]]
    if largest * 16 > 255:
        for i in range(count):
            add_column(inside, columns[chosen[i]], np.uint32(np.ceil(steps[i] * 256)))
        return
    if count & 1:
        chosen[count], steps[count] = chosen[count - 1], 0.0
    fine = largest * 64 <= 255
    for i in range(0, count, 2):
        one, other = columns[chosen[i]], columns[chosen[i + 1]]
        if fine:
            add_fine_pair(inside, one, other, np.ceil(steps[i] * 64), np.ceil(steps[i + 1] * 64))
        else:
            add_pair(inside, one, other, np.ceil(steps[i] * 16), np.ceil(steps[i + 1] * 16))
