"""The fields that forms share: days, amounts, percentages, counts, lines, ticks."""

from typing import Any

from django import forms

from .unfold import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)


def day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=UnfoldAdminSingleDateWidget, **options)


def amount(**options: Any) -> forms.DecimalField:
    """Yuan with at most two places."""
    options = {"min_value": 0, "max_digits": 14, "decimal_places": 2} | options
    return forms.DecimalField(widget=number_box("0.01"), **options)


def ratio(**options: Any) -> forms.DecimalField:
    """A percentage as people write it: 2.5 is 2.5 %."""
    options = {"min_value": 0, "max_value": 100, "max_digits": 9, "decimal_places": 4} | options
    return forms.DecimalField(widget=number_box("any"), **options)


def whole(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(widget=number_box("1"), **{"min_value": 0, "max_value": 1200} | options)


def number_box(step: str) -> UnfoldAdminDecimalFieldWidget:
    return UnfoldAdminDecimalFieldWidget(attrs={"step": step, "class": "ws-figure"})


def line(**options: Any) -> forms.CharField:
    return forms.CharField(widget=UnfoldAdminTextInputWidget, **options)


def tick(**options: Any) -> forms.BooleanField:
    return forms.BooleanField(widget=UnfoldBooleanWidget, **options)
