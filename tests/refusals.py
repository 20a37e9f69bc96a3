"""What a service refuses, by the code of its refusal; a failure where it does not refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.core.errors import Conflict, Invalid


def code_of(act: Callable[..., Any], *given: Any, **named: Any) -> str:
    """The code of a conflict with what there is already."""
    with pytest.raises(Conflict) as fault:
        act(*given, **named)
    return fault.value.code


def refused(act: Callable[..., Any], *given: Any, **named: Any) -> str:
    """The code of a conflict, or of values that cannot be."""
    with pytest.raises((Conflict, Invalid)) as fault:
        act(*given, **named)
    return fault.value.code
