"""Wires the workspace into Django."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "marketplace.workspace"
    label = "workspace"
