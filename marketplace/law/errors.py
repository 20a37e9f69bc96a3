"""What can go wrong with legal values and codes, by name."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid


class NoSuchRule(Conflict):
    """No rule of this key is in force there on that day: the act cannot go on."""

    code = "no_such_rule"

    def __init__(self, key: str, place: str, day: date) -> None:
        self.key, self.place, self.day = key, place, day
        sentence = _("No legal value “%(key)s” is in force at %(place)s on %(day)s. Ask an administrator for it.")
        super().__init__(sentence % {"key": key, "place": place, "day": day})


class WrongRuleKind(Conflict):
    """The code asks for days where the law holds a percentage."""

    code = "wrong_rule_kind"

    def __init__(self, key: str, kind: str, wanted: str) -> None:
        self.key, self.kind, self.wanted = key, kind, wanted
        sentence = _("The legal value “%(key)s” is of the kind %(kind)s, not %(wanted)s.")
        super().__init__(sentence % {"key": key, "kind": kind, "wanted": wanted})


class UnknownPlace(Invalid):
    """Not CN and not a region code."""

    code = "unknown_place"

    def __init__(self, place: str) -> None:
        self.place = place
        sentence = _("“%(place)s” is no place. Give CN or the six digits of a region (GB/T 2260).")
        super().__init__(sentence % {"place": place})


class OverlappingRules(Conflict):
    """Two rules of one key and place would be in force on the same day."""

    code = "overlapping_rules"

    def __init__(self, key: str, place: str) -> None:
        self.key, self.place = key, place
        sentence = _("Two rules “%(key)s” at %(place)s would hold on the same day. Correct their days.")
        super().__init__(sentence % {"key": key, "place": place})


class WrongReference(Invalid):
    """A row of a reference file cannot be taken in."""

    code = "wrong_reference"

    def __init__(self, row: str, reason: object) -> None:
        self.row = row
        super().__init__(_("%(row)s: %(reason)s") % {"row": row, "reason": reason})


class UnknownList(Invalid):
    """No code list of this name."""

    code = "E_LIST_UNKNOWN"

    def __init__(self, name: str) -> None:
        self.name = name
        sentence = _("There is no code list “%(name)s”. Load the reference data first.")
        super().__init__(sentence % {"name": name})


class CodeFault(Invalid):
    """A code does not fit its list; `list_name` and `value` say which."""

    def __init__(self, list_name: str, value: str) -> None:
        self.list_name, self.value = list_name, value
        super().__init__(type(self).sentence % {"value": value, "list": list_name})


class UnknownCode(CodeFault):
    code = "E_CODE_UNKNOWN"
    sentence = _("“%(value)s” is not in the list %(list)s. Choose one of the list.")


class RetiredCode(CodeFault):
    code = "E_CODE_RETIRED"
    sentence = _("“%(value)s” of the list %(list)s is no longer in use. Choose a current one.")


class WrongParent(CodeFault):
    code = "E_CODE_PARENT"
    sentence = _("“%(value)s” of the list %(list)s does not belong to the choice above it. Choose again.")
