"""What can be wrong with a sheet as a whole, and with one cell."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid


class SheetFault(Invalid):
    """The file cannot be read as a sheet of achievements; the sentence says what to do."""

    code = "sheet"
    sentence = _("This file cannot be read. Use the template.")


class CellFault(ValueError):
    """One cell cannot be taken; str() is the sentence for its reader."""


class RowsAtFault(Conflict):
    """Some rows have faults, and nothing was imported."""

    code = "rows_at_fault"
    sentence = _("Some rows have faults, so nothing was imported. Mend them, or ask to leave them out.")
