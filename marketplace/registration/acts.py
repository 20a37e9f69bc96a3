"""What the journal's verbs of this stage are called."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "registration.draft": _("began the registration of a contract"),
    "registration.edit": _("filled in the registration form"),
    "registration.submit": _("handed a registration in"),
    "registration.supply": _("supplied what the office asked for"),
    "registration.withdraw": _("withdrew a registration"),
    "registration.contest": _("asked that a refusal is checked again"),
    "registration.record": _("entered a registration made elsewhere"),
    "registration.make_form": _("printed the registration form"),
    "registration.accept": _("took a registration up"),
    "registration.ask": _("asked for a supplement of a registration"),
    "registration.retype": _("changed the type of a contract"),
    "registration.consult": _("had experts look at a registration"),
    "registration.register": _("registered a contract"),
    "registration.refuse": _("refused a registration"),
    "registration.ask_change": _("asked to change what is registered"),
    "registration.make_change": _("changed what is registered"),
    "registration.refuse_change": _("refused a change of what is registered"),
    "registration.cancel": _("cancelled a registration"),
    "registration.revoke": _("revoked a registration"),
}
