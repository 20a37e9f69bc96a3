"""What the workspace's templates say in words."""

from typing import Any

from django import template

from marketplace.core.models import Entry
from marketplace.core.showing import money as money_in_words
from marketplace.workspace import words

register = template.Library()


@register.filter
def act(entry: Entry) -> Any:
    return words.act(entry)


@register.filter
def moved(entry: Entry) -> str:
    return words.moved(entry)


@register.filter
def reason(entry: Entry) -> str:
    return words.reason(entry)


@register.filter
def money(amount: Any) -> str:
    return money_in_words(amount)


@register.simple_tag
def actor(entry: Entry, named: set[int] | None) -> Any:
    return words.actor(entry, named)
