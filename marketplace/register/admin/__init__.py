"""The register in the workspace: applications, yearly filings, removals, and the entries with their history."""

from . import application, entry, filing, record, removal

__all__ = ["application", "entry", "filing", "record", "removal"]
