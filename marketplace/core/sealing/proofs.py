"""Proofs: one entry shown to an outsider, who holds the published hash of its seal and nothing else of the journal.

The outsider computes: leaf = SHA-256(00 ‖ entry) → up the path to the Merkle root → is that the root named in the
seal's text → is the SHA-256 of that text the published hash. `is_proved` is these four lines.
"""

import json
from typing import NamedTuple

from .. import merkle
from ..errors import NotFound
from ..models import Entry, Seal
from . import canonical
from .verifying import leaves_of


class Proof(NamedTuple):
    """`entry` and `seal` are canonical texts, `path` is in hex; `place` counts from 0 among `size` entries."""

    entry: str
    place: int
    size: int
    path: list[str]
    seal: str


def proof_of(entry: Entry) -> Proof:
    """The proof that this entry was sealed as the database has it now. Raises NotFound while it is not sealed."""
    seal = Seal.objects.filter(after_id__lt=entry.pk, through_id__gte=entry.pk).first()
    ids = canonical.read_ids(seal.ids) if seal else []
    if seal is None or entry.pk not in ids:
        raise NotFound
    place = ids.index(entry.pk)
    values = Entry.objects.values_list(*canonical.COLUMNS).get(pk=entry.pk)
    steps = merkle.path(leaves_of(seal), place)
    text = canonical.entry_text(values).decode()
    return Proof(text, place, len(ids), [each.hex() for each in steps], canonical.seal_text(seal).decode())


def is_proved(proof: Proof, published: str) -> bool:
    """Whether the entry stands in the block whose hash was published."""
    seal = dict(zip(("form", *canonical.SEAL_COLUMNS), json.loads(proof.seal), strict=True))
    steps = [bytes.fromhex(each) for each in proof.path]
    try:
        found = merkle.root_from(merkle.leaf(proof.entry.encode()), proof.place, proof.size, steps)
    except ValueError:
        return False
    is_in_block = found.hex() == seal["merkle_root"] and proof.size == seal["entry_count"]
    return is_in_block and canonical.hash_of(proof.seal.encode()) == published
