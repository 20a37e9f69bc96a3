"""The web admin as a workspace: its site, its front page, what all its pages share."""
