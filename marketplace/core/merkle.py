"""Merkle trees of RFC 6962 (Certificate Transparency): one hash for many lines, and a short proof for each of them.

A leaf is SHA-256(00 ‖ line), a node SHA-256(01 ‖ left ‖ right): no node can be passed off as a line. A tree of n leaves
is split at the largest power of two below n and nothing is ever doubled to fill it up, so two different lists of lines
have different roots (CVE-2012-2459 was a tree that doubled its last leaf: lists of 3 and of 4 leaves had one root).

Pure: standard library only.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

SIZE = 32
"""Bytes of a hash."""
EMPTY = sha256(b"").digest()
"""The root of no leaves."""


def leaf(line: bytes) -> bytes:
    return sha256(b"\x00" + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of the lines, in their order; it holds no more than one hash a level."""
    waiting: list[tuple[int, bytes]] = []  # whole trees from left to right, each of fewer leaves than the one before
    for each in leaves:
        tree = (1, each)
        while waiting and waiting[-1][0] == tree[0]:
            size, left = waiting.pop()
            tree = (2 * size, node(left, tree[1]))
        waiting.append(tree)
    if not waiting:
        return EMPTY
    _, whole = waiting.pop()
    while waiting:
        whole = node(waiting.pop()[1], whole)
    return whole


def path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes that lead from the leaf at `place` (from 0) to the root, the lowest first."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if place < half:
        return [*path(leaves[:half], place), root(leaves[half:])]
    return [*path(leaves[half:], place - half), root(leaves[:half])]


def root_from(line_hash: bytes, place: int, size: int, steps: Sequence[bytes]) -> bytes:
    """The root to which `steps` lead from a leaf at `place` of `size`. Raises ValueError for a path of wrong length."""
    if not 0 <= place < size or len(steps) != len(turns(place, size)):
        raise ValueError("This path does not fit the place of the line.")
    found = line_hash
    for is_left, other in zip(turns(place, size), steps, strict=True):
        found = node(found, other) if is_left else node(other, found)
    return found


def turns(place: int, size: int) -> list[bool]:
    """For each level, the lowest first, whether the leaf is in the left part."""
    found = []
    while size > 1:
        half = split(size)
        found.append(place < half)
        place, size = (place, half) if place < half else (place - half, size - half)
    return found[::-1]


def split(size: int) -> int:
    """The largest power of two below `size` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1
