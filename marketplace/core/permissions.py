"""Who may try a letter again. What news people want by which way they say themselves."""

import rules

rules.add_perm("core.resend", rules.is_staff)  # type: ignore[no-untyped-call]
