"""How much a reader has not read yet, for the bell."""

from typing import Any

from django import template

from marketplace.core.notifying import unread_count

register = template.Library()


@register.simple_tag
def unread(user: Any) -> int:
    return unread_count(user)
