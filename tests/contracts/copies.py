"""Many contracts like one, written in a few statements: for tests and benchmarks that need a heap of them."""

from collections.abc import Iterator

from marketplace.contracts.models import Contract, Fact, TermSheet
from marketplace.core.models import new_public_id

BATCH = 500


def copies(contract: Contract, count: int) -> list[Contract]:
    """So many contracts with the sheet and the history of this one, which nobody has billed yet."""
    made: list[Contract] = []
    for size in sizes(count):
        rows = Contract.objects.bulk_create([twin(contract, sheet=None, state="ready") for _ in range(size)])
        sheets = TermSheet.objects.bulk_create([twin(contract.sheet, contract=row) for row in rows])
        facts = list(Fact.objects.standing().filter(contract=contract))
        Fact.objects.bulk_create([twin(fact, contract=row) for row in rows for fact in facts])
        for row, sheet in zip(rows, sheets, strict=True):
            row.sheet = sheet
        Contract.objects.bulk_update(rows, ["sheet"])
        Contract.objects.filter(pk__in=[row.pk for row in rows]).update(state=contract.state)
        made += rows
    return made


def sizes(count: int) -> Iterator[int]:
    yield from (min(BATCH, count - start) for start in range(0, count, BATCH))


def twin(row, **changed):
    """A row that is not written yet, like this one but for what is changed."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    values |= {"public_id": new_public_id()}
    for name, value in changed.items():
        values.pop(f"{name}_id", None)
        values[name] = value
    return type(row)(**values)
