"""Rules of law: which places a rule of a place reaches, nearest first."""

import re

NATION = "CN"


def chain(place: str) -> tuple[str, ...]:
    """The places whose rules hold at `place`: district, city, province, nation (GB/T 2260, six digits).

    An empty place is the nation. Raises ValueError for anything else.
    """
    if place in ("", NATION):
        return (NATION,)
    if not re.fullmatch(r"[1-9][0-9]{5}", place):
        raise ValueError(f"{place!r} is no region code of six digits.")
    nearest_first = (place, place[:4] + "00", place[:2] + "0000", NATION)
    return tuple(dict.fromkeys(nearest_first))
