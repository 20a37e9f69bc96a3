"""The register of technology managers and transfer agencies: applications, yearly filings, removals, their history."""
