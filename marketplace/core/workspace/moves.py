"""What a person may press on a row: moves with their buttons, and what other stages add to a row's page.

A stage below cannot know those above it, so they add to its pages here: `add_move(Match, OPEN_DEAL)`,
`add_panel(Achievement, matches)`, `annotate(Match, live_deals)`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django_fsm import can_proceed


@dataclass(frozen=True, slots=True)
class Call:
    """One press of a button: on which row, with what was filled in, and which version its reader had seen."""

    request: HttpRequest
    row: Any
    values: dict[str, Any] = field(default_factory=dict)
    version: int | None = None

    @property
    def by(self) -> Any:
        return self.request.user


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A verb offered on a row. `does` calls the service; it may return a row of another kind to go to.

    `permission` is asked of the row, unless `may` answers in its place. `when` says whether the present state
    allows it: it decides what is drawn, while the service decides what happens. With a `form` or a `question`
    a page asks before anything is done.
    """

    name: str
    label: Any
    does: Callable[[Call], Any]
    permission: str = ""
    may: Callable[[Any, Any], bool] | None = None
    when: Callable[[Any], bool] | None = None
    form: type[Any] | None = None
    question: Any = ""
    done: Any = ""
    look: str | Callable[[Any], str] = "default"

    def look_on(self, row: Any) -> str:
        """How loud its button is on this row."""
        return self.look if isinstance(self.look, str) else self.look(row)

    @property
    def asks(self) -> bool:
        return bool(self.form or self.question)

    def is_allowed(self, user: Any, row: Any) -> bool:
        return self.may(user, row) if self.may else user.has_perm(self.permission, row)

    def is_offered(self, user: Any, row: Any) -> bool:
        return (self.when is None or self.when(row)) and self.is_allowed(user, row)


@dataclass(frozen=True, slots=True)
class Button:
    """A move as drawn: a link to the page that asks, or a button that posts at once."""

    name: str
    label: Any
    url: str
    asks: bool
    look: str
    version: int


Panel = Callable[[HttpRequest, Any], dict[str, Any] | None]
Annotation = Callable[[Any], dict[str, Any]]

_moves: dict[type[models.Model], list[Move]] = defaultdict(list)
_panels: dict[type[models.Model], list[tuple[str, Panel]]] = defaultdict(list)
_annotations: dict[type[models.Model], list[Annotation]] = defaultdict(list)


def add_move(model: type[models.Model], *moves: Move) -> None:
    """Offer moves on the rows of a model; one of the same name takes the place of the earlier one."""
    names = {move.name for move in moves}
    _moves[model] = [move for move in _moves[model] if move.name not in names] + list(moves)


def add_panel(model: type[models.Model], template: str, panel: Panel) -> None:
    """Show a panel above the form of a row; it returns its context, or None to show nothing."""
    _panels[model] = [(name, each) for name, each in _panels[model] if name != template] + [(template, panel)]


def annotate(model: type[models.Model], annotation: Annotation) -> None:
    """Add to what the pages of a model select; called with the reader."""
    if annotation not in _annotations[model]:
        _annotations[model].append(annotation)


def moves_of(model: type[models.Model]) -> list[Move]:
    return _moves[model]


def panels_of(model: type[models.Model]) -> list[tuple[str, Panel]]:
    return _panels[model]


def annotations_for(model: type[models.Model], user: Any) -> dict[str, Any]:
    return {name: value for each in _annotations[model] for name, value in each(user).items()}


def can(transition: str) -> Callable[[Any], bool]:
    """Whether the state machine would allow the transition now."""
    return lambda row: can_proceed(getattr(row, transition))


def buttons(user: Any, row: Any) -> list[Button]:
    """What this person may press on this row now, what it leads to first."""
    offered = [move for move in moves_of(type(row)) if move.is_offered(user, row)]
    found = [
        Button(move.name, move.label, move_url(row, move.name), move.asks, move.look_on(row), row.version)
        for move in offered
    ]
    return sorted(found, key=lambda button: button.look != "primary")


def move_url(row: Any, name: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_move", args=[row.pk, name])


def page_url(row: Any) -> str:
    """The row's page in the workspace."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_url(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
