"""The one module that imports Unfold: what the house uses of the web admin's look."""

from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display
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
)

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
    "display",
]
