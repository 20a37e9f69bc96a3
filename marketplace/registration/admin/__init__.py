"""Registrations in the workspace: begun on the page of a contract, filled in, handed in, decided, changed."""

from . import change, deciding, filing, of_contract, panels, registration

__all__ = ["change", "deciding", "filing", "of_contract", "panels", "registration"]
