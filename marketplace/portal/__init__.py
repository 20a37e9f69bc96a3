"""The public pages: anybody reads the projections here."""
