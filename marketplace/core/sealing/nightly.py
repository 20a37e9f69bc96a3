"""The nightly verification: what it found is kept for the staff, and a fault is an error in the log."""

import logging
from typing import Any

from ..models import Verification
from .verifying import with_witness

log = logging.getLogger(__name__)


def verify() -> Verification:
    """Walk through the whole journal and keep the result; of many faults the first ones."""
    walk = with_witness()
    first: list[dict[str, Any]] = []
    for fault in walk.faults():
        if len(first) < Verification.MOST_FAULTS:
            first.append(fault._asdict())
            log.error("The journal was changed after it was sealed: %s", fault)
    if walk.fault_count:
        log.error("%s faults in the journal. Run verify_journal to see all.", walk.fault_count)
    return Verification.objects.create(
        seal_count=walk.seal_count,
        entry_count=walk.entry_count,
        fault_count=walk.fault_count,
        faults=first,
        last_hash=walk.last_hash,
    )
