"""Merkle trees: roots written out by hand, and proofs that hold for their line and no other."""

from hashlib import sha256

import pytest

from marketplace.core import merkle


def leaf(line):
    return sha256(b"\x00" + line).digest()


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


A, B, C, D, E = (leaf(line) for line in (b"a", b"b", b"c", b"d", b"e"))
BY_HAND = [
    ([], sha256(b"").digest()),
    ([A], A),
    ([A, B], node(A, B)),
    ([A, B, C], node(node(A, B), C)),
    ([A, B, C, D], node(node(A, B), node(C, D))),
    ([A, B, C, D, E], node(node(node(A, B), node(C, D)), E)),
    ([A, B, C, D, E, A], node(node(node(A, B), node(C, D)), node(E, A))),
    ([A, B, C, D, E, A, B], node(node(node(A, B), node(C, D)), node(node(E, A), B))),
]
# RFC 6962 as its reference implementation tests it (certificate-transparency, merkle tree test vectors)
LINES = [
    bytes.fromhex(line)
    for line in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 33]


def leaves(size):
    return [merkle.leaf(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize(("hashes", "root"), BY_HAND)
def test_the_root_is_the_one_computed_by_hand(hashes, root):
    assert merkle.root(hashes) == root


@pytest.mark.parametrize("size", PUBLISHED)
def test_the_root_is_the_one_that_others_compute(size):
    assert merkle.root(map(merkle.leaf, LINES[:size])).hex() == PUBLISHED[size]


def test_a_leaf_is_hashed_as_the_standard_says():
    assert merkle.leaf(b"a") == A


def test_a_doubled_last_leaf_makes_another_root():
    """CVE-2012-2459."""
    assert merkle.root([A, B, C]) != merkle.root([A, B, C, C])
    assert merkle.root([A, B, C, D, E]) != merkle.root([A, B, C, D, E, E, E, E])


def test_a_node_is_no_line():
    """Two leaves side by side, given as the text of one line, have another hash than their node."""
    assert merkle.root([merkle.leaf(A + B)]) != merkle.root([A, B])


def test_the_order_counts():
    assert merkle.root([A, B, C]) != merkle.root([B, A, C])


@pytest.mark.parametrize("size", SIZES)
def test_each_line_is_proved(size):
    hashes = leaves(size)
    root = merkle.root(hashes)
    for place in range(size):
        assert merkle.root_from(hashes[place], place, size, merkle.path(hashes, place)) == root


@pytest.mark.parametrize("size", SIZES[1:])
def test_another_line_is_not_proved_by_the_same_path(size):
    hashes = leaves(size)
    path = merkle.path(hashes, size - 1)
    assert merkle.root_from(merkle.leaf(b"forged"), size - 1, size, path) != merkle.root(hashes)


@pytest.mark.parametrize(
    ("place", "size", "steps"), [(0, 2, []), (0, 1, [A]), (2, 3, [A, B]), (3, 3, [A]), (-1, 3, [A])]
)
def test_a_path_of_the_wrong_length_is_refused(place, size, steps):
    with pytest.raises(ValueError, match="does not fit"):
        merkle.root_from(A, place, size, steps)


@pytest.mark.parametrize("place", [-1, 3])
def test_there_is_no_path_to_a_line_that_is_not_there(place):
    with pytest.raises(IndexError):
        merkle.path([A, B, C], place)
