"""Who may upload templates, make and keep documents, and put one into quarantine."""

from collections.abc import Collection
from typing import Any

import rules

from marketplace.parties import access
from marketplace.parties.models import Organisation, User


@rules.predicate
def is_staff(user: Any) -> bool:
    return access.is_platform_staff(user)


@rules.predicate
def drafts_for_a_reader(user: Any, readers: Collection[Organisation | User] | None) -> bool:
    """A document is made by somebody of those who may read it, or for oneself."""
    return any(
        reader == user if isinstance(reader, User) else access.may_draft_for(user, reader.pk)
        for reader in readers or ()
    )


@rules.predicate
def is_technology_manager(user: Any) -> bool:
    """A deal's manager makes papers for its two sides; the stage that asks has checked whose deal it is."""
    return access.is_technology_manager(user)


rules.add_perm("documents.upload_template", is_staff)
rules.add_perm("documents.make", is_staff | drafts_for_a_reader | is_technology_manager)
rules.add_perm("documents.keep", is_staff | drafts_for_a_reader)
rules.add_perm("documents.clear", rules.always_deny)
rules.add_perm("documents.quarantine", is_staff)
