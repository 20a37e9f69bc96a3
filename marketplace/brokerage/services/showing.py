"""Showing what is confidential under an agreement: each time it is shown a line of the disclosure log is written."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, NotFound
from marketplace.listings import reading
from marketplace.listings.models import Listing, Projection
from marketplace.listings.reading import Reading

from ..confidential import nda_for
from ..models import Deal, Nda, NdaShowing
from ..names import SIDES


@dataclass(frozen=True, slots=True)
class Shown:
    """One side's listing with its confidential tier, and which version of it this is."""

    row: Projection
    seen: Reading
    rights: list[dict[str, str]]
    version: int
    sha256: str


@transaction.atomic
def show_listing(deal: Deal, side: str, *, how: str, by: Any) -> Shown:
    """All of a side's listing, for whom the agreement of the deal opens it now; to anybody else it is not there.

    Raises Conflict `not_live` when the listing is not on the market: a text that is being changed is shown to nobody.
    """
    nda, row = nda_for(by, deal, side), getattr(deal, SIDES[side])
    if nda is None:
        raise NotFound
    if not row.is_live or row.listing.state != Listing.State.PUBLISHED:
        raise Conflict(_("The listing is not on the market now. Ask its owner."), code="not_live")
    seen, rights = reading.read(row, by, has_nda=True), reading.rights_under_nda(row)
    shown = Shown(row, seen, rights, row.listing.version, fingerprint(row, seen, rights))
    log(nda, side, shown, how=how, by=by)
    return shown


def fingerprint(row: Projection, seen: Reading, rights: list[dict[str, str]]) -> str:
    """The SHA-256 of exactly what was shown, so that it can be told from what the listing says later."""
    content = {"title_zh": row.title_zh, "title_en": row.title_en, **asdict(seen), "rights": rights}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def log(nda: Nda, side: str, shown: Shown, *, how: str, by: Any) -> None:
    NdaShowing.objects.create(
        nda=nda, side=side, user_id=by.pk, listing=shown.row, shown_version=shown.version, sha256=shown.sha256, how=how
    )
