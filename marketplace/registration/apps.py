"""Wires the registration of contracts into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "marketplace.registration"
    label = "registration"
    verbose_name = _("Registration of contracts")
