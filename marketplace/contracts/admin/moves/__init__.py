"""What may be pressed on a contract, by the part of its life."""

from . import clearing, entering, guaranteeing, negotiating, owing, running, signing

__all__ = ["clearing", "entering", "guaranteeing", "negotiating", "owing", "running", "signing"]
