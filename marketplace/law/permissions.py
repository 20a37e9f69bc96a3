"""Who may publish law: the platform's administrators."""

import rules

rules.add_perm("law.publish", rules.is_superuser)
