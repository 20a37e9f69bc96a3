"""What happens to notices and objections: the only writers."""

from .ending import BY_HAND, check_unchanged, close, close_due, void
from .objecting import dismiss, object_to, uphold
from .opening import open_notice

__all__ = ["BY_HAND", "check_unchanged", "close", "close_due", "dismiss", "object_to", "open_notice", "uphold", "void"]
