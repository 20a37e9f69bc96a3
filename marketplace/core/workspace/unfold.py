"""The one module that imports Unfold: what the house uses of the web admin's look."""

from collections.abc import Callable
from typing import Any, TypeVar

from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display as unfold_display
from unfold.sites import UnfoldAdminSite
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

F = TypeVar("F", bound=Callable[..., Any])


def display(**options: Any) -> Callable[[F], F]:
    """Describe a column or read-only field."""
    decorate: Callable[[F], F] = unfold_display(**options)
    return decorate


__all__ = [
    "ChoicesDropdownFilter",
    "DropdownFilter",
    "ModelAdmin",
    "TabularInline",
    "UnfoldAdminCheckboxSelectMultipleWidget",
    "UnfoldAdminDecimalFieldWidget",
    "UnfoldAdminEmailInputWidget",
    "UnfoldAdminSelect2MultipleWidget",
    "UnfoldAdminSelectWidget",
    "UnfoldAdminSingleDateWidget",
    "UnfoldAdminSite",
    "UnfoldAdminTextInputWidget",
    "UnfoldAdminTextareaWidget",
    "UnfoldBooleanWidget",
    "display",
]
