"""What discovery does when it hears news: it wakes the matcher. The row itself says that there is work."""

from typing import Any

from django.dispatch import receiver

from marketplace.core import news
from marketplace.core.wake import wake
from marketplace.listings.models import Projection

from . import tasks


@receiver([news.listing_published, news.listing_hidden])
def wake_matcher(projection: Projection, **_: Any) -> None:
    wake(tasks.refresh_matches, projection.pk)
