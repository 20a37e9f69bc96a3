"""The buttons of a listing: submitted, published, returned, revised, withdrawn, renewed, opened for interest."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import Call, Move, can

from .. import rules, services
from ..models import Listing
from .forms import ReturnForm, WithdrawForm


def is_published(listing: Listing) -> bool:
    return listing.state == Listing.State.PUBLISHED


def may_be_renewed(listing: Listing) -> bool:
    return bool(
        is_published(listing)
        and listing.expires_on
        and rules.may_renew(
            expires=listing.expires_on, has_been_renewed=listing.has_been_renewed, today=timezone.localdate()
        )
    )


def give_back(call: Call) -> Listing:
    code, note = call.values["return_code"], call.values["return_note"]
    return services.return_for_correction(call.row, code, note, by=call.by, version=call.version)


MOVES = (
    Move(
        name="submit",
        label=_("Submit for review"),
        permission="listings.submit",
        when=can("submit"),
        does=lambda call: services.submit(call.row, by=call.by, version=call.version),
        done=_("Submitted. A reviewer reads it and publishes it or says what to mend."),
        look="primary",
    ),
    Move(
        name="publish",
        label=_("Publish"),
        permission="listings.publish",
        when=can("publish"),
        does=lambda call: services.publish(call.row, by=call.by, version=call.version),
        done=_("Published for 365 days. Matches appear within seconds."),
        look="primary",
    ),
    Move(
        name="return",
        label=_("Return for correction"),
        permission="listings.return",
        when=can("return_for_correction"),
        form=ReturnForm,
        does=give_back,
        done=_("Returned to its owner with your note."),
    ),
    Move(
        name="renew",
        label=_("Renew for a year"),
        permission="listings.renew",
        when=may_be_renewed,
        does=lambda call: services.renew(call.row, by=call.by, today=timezone.localdate()),
        done=_("Renewed for another year. This can be done once."),
        look="primary",
    ),
    Move(
        name="open-for-interest",
        label=_("Open for interest"),
        permission="listings.set_interest",
        when=lambda row: is_published(row) and not row.is_open_for_interest,
        does=lambda call: services.set_interest(call.row, True, by=call.by),
        done=_("Others can express interest again."),
    ),
    Move(
        name="close-for-interest",
        label=_("Close for interest"),
        permission="listings.set_interest",
        when=lambda row: is_published(row) and row.is_open_for_interest,
        does=lambda call: services.set_interest(call.row, False, by=call.by),
        done=_("It stays published and takes no expressions of interest."),
    ),
    Move(
        name="revise",
        label=_("Take back to draft"),
        permission="listings.revise",
        when=can("revise"),
        question=_("It leaves the market until it is changed, submitted and reviewed again."),
        does=lambda call: services.revise(call.row, by=call.by, version=call.version),
        done=_("It is a draft again and can be changed."),
    ),
    Move(
        name="withdraw",
        label=pgettext_lazy("listing", "Withdraw"),
        permission="listings.withdraw",
        when=can("withdraw"),
        form=WithdrawForm,
        question=_("It leaves the market. You can take it back to draft later."),
        does=lambda call: services.withdraw(call.row, by=call.by, reason=call.values["reason"]),
        done=pgettext_lazy("listing", "Withdrawn."),
        look="danger",
    ),
)
