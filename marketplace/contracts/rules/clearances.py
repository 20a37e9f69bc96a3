"""Rules of diligence: which answers a contract needs before it is signed, and which settle it (DOMAIN 4.2, 4.3).

Kinds and answers are the codes of `Clearance`.
"""

from collections.abc import Collection, Mapping

ASSIGNMENT, LICENCE = "2", "3"
EXCLUDING = ("EXCLUSIVE", "SOLE")
GIVEN = frozenset({"CONSENTED", "NOT_NEEDED"})

SETTLES: Mapping[str, frozenset[str]] = {
    "CO_OWNER": GIVEN,
    "PLEDGE": GIVEN,
    "PREEMPTION": frozenset({"WAIVED", "NOT_NEEDED"}),
    "EXPORT": frozenset({"CONSENTED"}),
    "PUBLIC_FUNDING": frozenset({"CONSENTED"}),
    "CONFLICT": GIVEN,
    "CLAUSES": GIVEN,
}
CODES: Mapping[str, str] = {
    "CO_OWNER": "E_CO_OWNER",
    "PLEDGE": "E_PLEDGE",
    "PREEMPTION": "E_PREEMPTION_OPEN",
    "EXPORT": "E_EXPORT_CONTROL",
    "PUBLIC_FUNDING": "E_PUBLIC_FUNDING",
    "CONFLICT": "E_CONFLICT_UNDECLARED",
    "CLAUSES": "E_CLAUSES_UNREVIEWED",
}


def excludes_others(type: str, licence_kind: str) -> bool:
    """Whether it takes from the owner more than one user among others: assignment, exclusive or sole licence."""
    return type == ASSIGNMENT or (type == LICENCE and licence_kind in EXCLUDING)


def needed(
    *, type: str, licence_kind: str, is_abroad: bool, is_publicly_funded: bool, is_public_seller: bool
) -> tuple[str, ...]:
    """The kinds of clearance that a contract needs.

    A co-owner may license alone as long as nobody is excluded (Patent Law 14; Civil Code 861); a pledged right moves
    with the pledgee's consent alone (Civil Code 444); completers come first at an assignment (Civil Code 847);
    publicly funded rights go abroad, or are licensed abroad exclusively, with the authority's consent.
    """
    conditions = {
        "CO_OWNER": excludes_others(type, licence_kind),
        "PLEDGE": type in (ASSIGNMENT, LICENCE),
        "PREEMPTION": type == ASSIGNMENT,
        "EXPORT": is_abroad,
        "PUBLIC_FUNDING": is_publicly_funded and is_abroad and (type == ASSIGNMENT or licence_kind == "EXCLUSIVE"),
        "CONFLICT": is_public_seller,
        "CLAUSES": True,
    }
    return tuple(kind for kind, is_needed in conditions.items() if is_needed)


def is_settled(kind: str, answers: Collection[str]) -> bool:
    """Whether somebody was asked and everybody who was asked gave an answer that lets the contract be signed."""
    return bool(answers) and SETTLES[kind].issuperset(answers)
