"""While a licence runs, and how it ends: trial, option, default, dispute, loss of the right, the end."""

from typing import Any

from marketplace.contracts import services
from marketplace.contracts.models import Contract

from .acting import Acting, verb
from .bodies import DeliveryShape, EndShape, ExtensionShape, LossOfRightShape, SettlementShape
from .fields import NoteShape, SpokenReason


class Running(Acting):
    """What the two sides do after the signature."""

    @verb(DeliveryShape)
    def deliver(self, contract: Contract, **values: Any) -> None:
        """The licensee has the documents: the trial begins, or without one the licence is paid."""
        services.deliver(contract, **values)

    @verb(ExtensionShape)
    def extend_trial(self, contract: Contract, **values: Any) -> None:
        """The licensor lets the trial run longer, within what was agreed."""
        services.extend_trial(contract, **values)

    @verb()
    def keep(self, contract: Contract, **values: Any) -> None:
        """The licensee keeps the licence; from now on it is paid."""
        services.keep(contract, **values)

    @verb(NoteShape)
    def stop(self, contract: Contract, **values: Any) -> None:
        """The licensee stops: documents go back, only sales made are owed."""
        services.stop(contract, **values)

    @verb(NoteShape)
    def confirm_return(self, contract: Contract, **values: Any) -> None:
        """The licensor has its documents back."""
        services.confirm_return(contract, **values)

    @verb()
    def buy_out(self, contract: Contract, **values: Any) -> None:
        """The licensee takes the option to buy."""
        services.buy_out(contract, **values)

    @verb(NoteShape)
    def demand(self, contract: Contract, **values: Any) -> None:
        """The licensor demands what is overdue; the licensee has the days of the law to pay."""
        services.demand(contract, **values)

    @verb()
    def cure(self, contract: Contract, **values: Any) -> None:
        """Say that what was demanded is paid; a payment that settles it does so by itself."""
        services.cure(contract, **values)

    @verb()
    def default(self, contract: Contract, **values: Any) -> None:
        """The time to cure is over and it is unpaid; the night does it by itself."""
        services.default(contract, **values)

    @verb(SpokenReason)
    def terminate(self, contract: Contract, **values: Any) -> None:
        """The licensor ends it after default, or after the right was lost."""
        services.terminate(contract, **values)

    @verb(EndShape)
    def end_by_agreement(self, contract: Contract, **values: Any) -> None:
        """One side confirms that it ends for this reason; with the other's same words it has ended."""
        services.end_by_agreement(contract, **values)

    @verb(SpokenReason)
    def dispute(self, contract: Contract, **values: Any) -> None:
        """One side disputes: the clocks stand still, interest runs."""
        services.dispute(contract, **values)

    @verb(SettlementShape)
    def settle(self, contract: Contract, **values: Any) -> None:
        """The dispute is over; the contract goes on where it stood."""
        services.settle(contract, **values)

    @verb(LossOfRightShape)
    def lose_right(self, contract: Contract, **values: Any) -> None:
        """The right was invalidated: nothing accrues any more."""
        services.lose_right(contract, **values)

    @verb(DeliveryShape)
    def expire_right(self, contract: Contract, **values: Any) -> None:
        """The patent ran out: nothing accrues any more."""
        services.expire_right(contract, **values)

    @verb()
    def complete(self, contract: Contract, **values: Any) -> None:
        """The licence is over or paid up; the clock does it at the end of the term."""
        services.complete(contract, **values)
