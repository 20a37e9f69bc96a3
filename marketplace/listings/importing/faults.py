"""What can be wrong with a sheet of achievements beside its file and its cells."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict


class RowsAtFault(Conflict):
    """Some rows have faults, and nothing was imported."""

    code = "rows_at_fault"
    sentence = _("Some rows have faults, so nothing was imported. Mend them, or ask to leave them out.")
