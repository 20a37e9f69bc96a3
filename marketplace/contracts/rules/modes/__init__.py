"""Rules of licence terms: the modes. A mode is a preset over the same terms and the promises that its name makes.

The engine knows no modes: it runs terms. What a mode promises the reader is a table (`demands`).
"""

from .demands import DEMANDS, Demand, mode_faults, modes_of
from .presets import Figures, build

__all__ = ["DEMANDS", "Demand", "Figures", "build", "mode_faults", "modes_of"]
