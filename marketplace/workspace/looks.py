"""How the workspace looks and what its menus hold: the setting UNFOLD."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

BLUE = {
    "50": "#f0f6fa", "100": "#dcebf4", "200": "#bcd8e9", "300": "#8fbdd8", "400": "#5b9bc1", "500": "#397fa8",
    "600": "#25658d", "700": "#1f5273", "800": "#1c455f", "900": "#1a3a50", "950": "#112535",
}  # fmt: skip

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Technology transfer marketplace"),
    "SITE_HEADER": _("Technology transfer"),
    "SITE_SUBHEADER": _("Workspace"),
    "SITE_SYMBOL": "handshake",
    "SITE_URL": reverse_lazy("portal:home"),
    "SHOW_BACK_BUTTON": True,
    "SHOW_VIEW_ON_SITE": False,
    "THEME": "light",
    "BORDER_RADIUS": "6px",
    "COLORS": {"primary": BLUE},
    "STYLES": [lambda request: static("workspace/workspace.css")],
    "SCRIPTS": [lambda request: static("workspace/workspace.js")],
    "SIDEBAR": {"navigation": "marketplace.workspace.navigation.groups"},
    "ACCOUNT": {
        "navigation": [
            {"title": _("E-mail addresses"), "link": reverse_lazy("account_email")},
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
            {"title": _("Two-factor login"), "link": reverse_lazy("mfa_index")},
        ]
    },
}
