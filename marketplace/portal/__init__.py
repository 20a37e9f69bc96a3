"""The public pages: anybody reads the projections here, and registered people act through the services."""
