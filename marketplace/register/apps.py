"""Wires the register into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "marketplace.register"
    label = "register"
    verbose_name = _("In the register")
