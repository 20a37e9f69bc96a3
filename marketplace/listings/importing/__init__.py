"""Achievements from and to spreadsheets: read, map, check, preview, commit as drafts; template and export."""
