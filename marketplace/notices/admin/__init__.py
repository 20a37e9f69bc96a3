"""Notices and objections in the workspace."""

from . import notice, objection, opening

__all__ = ["notice", "objection", "opening"]
