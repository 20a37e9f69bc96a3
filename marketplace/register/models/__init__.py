"""What is true of the register: who applies, what each year is filed, what was entered and struck."""

from .application import Application
from .consent import Consent
from .filing import YearlyFiling
from .holder import Held, HeldQuerySet
from .line import RegisterLine
from .portfolio import Portfolio
from .removal import Removal

__all__ = ["Application", "Consent", "Held", "HeldQuerySet", "Portfolio", "RegisterLine", "Removal", "YearlyFiling"]
