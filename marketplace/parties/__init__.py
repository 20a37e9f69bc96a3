"""Parties: people, organisations, roles, technology managers and transfer agencies."""
