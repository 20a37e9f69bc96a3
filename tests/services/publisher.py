"""A process that publishes listings, or matches those that wait, on the database of DATABASE_URL; prints what it did.

python -m tests.services.publisher publish 100 PLACE [DEFERRED]
python -m tests.services.publisher match 400 PLACE
"""

import logging
import sys
import time

import django
from django.db import OperationalError, connection

django.setup()

from marketplace.core.access import SYSTEM  # noqa: E402
from marketplace.discovery.services import sweep  # noqa: E402
from marketplace.listings import services as listings  # noqa: E402
from marketplace.listings.models import Projection  # noqa: E402
from tests.factories import make_achievement, make_organisation, serial  # noqa: E402


def publish(count: int) -> int:
    """Publish so many; return how many times the database was locked."""
    locked = 0
    for _ in range(100 * int(sys.argv[3])):  # numbers of its own, so that no two processes make the same code
        next(serial)
    owner = make_organisation("UNIVERSITY")
    if sys.argv[4:] == ["DEFERRED"]:
        connection.settings_dict["OPTIONS"] |= {"transaction_mode": "DEFERRED", "timeout": 0.2}
        connection.close()
    for _ in range(count):
        try:
            listings.publish(listings.submit(make_achievement(owner), by=SYSTEM), by=SYSTEM)
        except OperationalError as fault:
            locked += "locked" in str(fault)
    return locked


def match(count: int) -> int:
    """Match until so many are on the market and none waits."""
    locked = 0
    while Projection.objects.count() < count or Projection.objects.unindexed().exists():
        try:
            sweep() or time.sleep(0.05)
        except OperationalError as fault:
            locked += "locked" in str(fault)
    return locked


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print({"publish": publish, "match": match}[sys.argv[1]](int(sys.argv[2])))
