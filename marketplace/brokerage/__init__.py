"""Brokerage: leads and deals, from a declared interest to an introduction."""
