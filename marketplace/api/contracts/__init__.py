"""Contracts: their terms, their verbs, what is owed under them and why; milestones, reports, guarantees, audits."""

from .audits import Audits
from .clearing import Clearances
from .contracts import Contracts
from .guarantees import Guarantees
from .progress import Milestones, SalesReports

__all__ = ["Audits", "Clearances", "Contracts", "Guarantees", "Milestones", "SalesReports"]
