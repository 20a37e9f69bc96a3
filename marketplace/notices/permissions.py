"""Who may open, object to, answer, void and close notices.

Nobody judges their own work: an objection is answered by an administrator or officer of the organisation who neither
opened the notice nor filed the objection. Meanwhile the clock stands still, so a missing second person costs time
and no right (the related members of a decision are recused, DOMAIN 1.7).
"""

from typing import Any

import rules

from marketplace.parties import access

from .models import Notice, Objection


@rules.predicate
def decides_for_owner(user: Any, notice: Notice | None) -> bool:
    return notice is not None and access.may_decide_for(user, notice.owner_id)


@rules.predicate
def may_answer(user: Any, objection: Objection | None) -> bool:
    if objection is None or not access.may_decide_for(user, objection.notice.owner_id):
        return False
    return user.pk not in (objection.notice.opened_by_id, objection.filed_by_id)


rules.add_perm("notices.open", decides_for_owner)
rules.add_perm("notices.object", rules.always_allow)  # whoever may read it; the service asks whether they may
rules.add_perm("notices.answer", may_answer)
rules.add_perm("notices.void", decides_for_owner)
rules.add_perm("notices.close", decides_for_owner)
rules.add_perm("notices.follow", rules.always_deny)  # what follows from an answer; the system does it
