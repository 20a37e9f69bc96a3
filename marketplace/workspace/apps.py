"""Wires the workspace into Django, and the web admin to its site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    default = True
    name = "marketplace.workspace"
    label = "workspace"
    verbose_name = _("Workspace")


class WorkspaceAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "marketplace.workspace.site.WorkspaceSite"
