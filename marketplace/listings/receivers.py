"""What listings do when they hear news."""

from typing import Any

from django.dispatch import receiver

from marketplace.core import news
from marketplace.parties.models import Organisation

from . import services, telling
from .models import Listing


@receiver(news.organisation_hidden)
def hide_listings(organisation: Organisation, by: Any, **_: Any) -> None:
    services.hide_all_of(organisation, by=by)


@receiver(news.organisation_changed)
def show_new_name(organisation: Organisation, by: Any, **_: Any) -> None:
    services.project_all_of(organisation, by=by)


@receiver(news.listing_returned)
def tell_owner(listing: Listing, by: Any, **_: Any) -> None:
    telling.returned(listing, by=by)
