"""What is true of the registration of contracts: the form, what is deducted, and what was changed afterwards."""

from .change import Change
from .cost import DeductedCost
from .registration import Registration

__all__ = ["Change", "DeductedCost", "Registration"]
