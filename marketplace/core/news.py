"""News: who says what, who hears. Sent inside the transaction, so a listener that fails undoes the act.

| news                 | said by                      | heard by                                  |
|----------------------|------------------------------|-------------------------------------------|
| organisation_changed | parties.edit                 | listings: shows the new name               |
| organisation_hidden  | parties.suspend              | listings: takes its listings off           |
| listing_published    | listings.publish, renew      | discovery: wakes the matcher               |
| listing_hidden       | listings.withdraw, age, …    | discovery: retires its matches             |
| match_found          | discovery.refreshing         | nobody yet                                 |
| lead_opened          | brokerage.express_interest   | nobody yet                                 |
| lead_answered        | brokerage.answer, lapse      | nobody yet                                 |
| deal_opened          | brokerage.open_deal          | discovery: feedback for the ranking        |
"""

from django.dispatch import Signal

organisation_changed = Signal()  # organisation, by
organisation_hidden = Signal()  # organisation, by
listing_published = Signal()  # projection, by
listing_hidden = Signal()  # projection, by
match_found = Signal()  # achievement_id, demand_id: of two projections never paired before
lead_opened = Signal()  # lead, by
lead_answered = Signal()  # lead, by
deal_opened = Signal()  # deal, by
