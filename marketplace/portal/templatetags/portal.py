"""What templates may ask about the person who reads: may they enter the workspace."""

from typing import Any

from django import template

from marketplace.parties import access

register = template.Library()


@register.filter
def has_workspace(user: Any) -> bool:
    return bool(user) and access.has_workspace(user)
