"""What a service refuses, by the code of its refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.core.errors import DomainError


def code_of(act: Callable[..., Any], *given: Any, **named: Any) -> str:
    """The code with which it refuses; a failure where it does not."""
    with pytest.raises(DomainError) as refusal:
        act(*given, **named)
    return refusal.value.code
