"""News: who says what, who hears. Sent inside the transaction, so a listener that fails undoes the act.

| news                 | said by                      | heard by                                  |
|----------------------|------------------------------|-------------------------------------------|
| organisation_changed | parties.edit                 | listings: shows the new name               |
| organisation_hidden  | parties.suspend              | listings: takes its listings off           |
| qualification_removed| parties.remove_qualification | brokerage: tells whose mandate they held   |
| listing_published    | listings.publish, renew      | discovery: wakes the matcher               |
| listing_hidden       | listings.withdraw, age, …    | discovery: retires its matches             |
| listing_returned     | listings.return              | listings: tells its owner                  |
| match_found          | discovery.refreshing         | nobody: the day's are told together        |
| lead_opened          | brokerage.express_interest   | brokerage: tells the owner                 |
| lead_answered        | brokerage.answer, lapse      | brokerage: tells the sender                |
| deal_opened          | brokerage.open_deal          | brokerage: tells both sides                |
| deal_agreed          | brokerage.agree              | brokerage: tells both sides                |
| deal_lost            | brokerage.lose               | contracts: gives up its draft; brokerage   |
| deal_taken_up        | brokerage.take_up            | brokerage: tells both sides                |
| nda_signed           | brokerage.sign_nda           | brokerage: tells both sides                |
| nda_ended            | brokerage.terminate_nda, …   | brokerage: tells both sides                |
| notice_objected      | notices.object_to            | nobody yet                                 |
| notice_closed        | notices.close, close_due     | settlement: rewards may be approved        |
| notice_voided        | notices.void, uphold, …      | nobody yet                                 |
| contract_signed      | contracts.sign               | settlement: bills what it makes due        |
| contract_moved       | contracts: any act that runs | settlement: bills, books, follows payments |
| milestone_accepted   | contracts.accept             | nobody yet                                 |
| sales_accepted       | contracts.accept_report      | nobody yet                                 |
| contract_defaulted   | contracts.tick               | nobody yet                                 |
| contract_ended       | contracts.complete, …        | nobody yet                                 |
"""

from django.dispatch import Signal

organisation_changed = Signal()  # organisation, by
organisation_hidden = Signal()  # organisation, by
qualification_removed = Signal()  # qualification, by: struck from the register
listing_published = Signal()  # projection, by
listing_hidden = Signal()  # projection, by
listing_returned = Signal()  # listing, by
match_found = Signal()  # achievement_id, demand_id: of two projections never paired before
lead_opened = Signal()  # lead, by
lead_answered = Signal()  # lead, by
deal_opened = Signal()  # deal, by
deal_agreed = Signal()  # deal, by
deal_lost = Signal()  # deal, by
deal_taken_up = Signal()  # deal, by
nda_signed = Signal()  # nda, by: both sides have signed
nda_ended = Signal()  # nda, by: nothing more is shown under it
notice_objected = Signal()  # notice, objection, by
notice_closed = Signal()  # notice, by
notice_voided = Signal()  # notice, by
contract_signed = Signal()  # contract, by
contract_moved = Signal()  # contract, by: something happened under a contract that runs
milestone_accepted = Signal()  # milestone, by
sales_accepted = Signal()  # report, by
contract_defaulted = Signal()  # contract, by
contract_ended = Signal()  # contract, by: completed, returned, bought out or terminated
