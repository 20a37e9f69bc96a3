"""What can be wrong with a spreadsheet as a whole, and with one cell."""

from django.utils.translation import gettext_lazy as _

from ..errors import Invalid


class SheetFault(Invalid):
    """The file cannot be read as a sheet; the sentence says what to do."""

    code = "sheet"
    sentence = _("This file cannot be read. Use the template.")


class CellFault(ValueError):
    """One cell cannot be taken; str() is the sentence for its reader."""
