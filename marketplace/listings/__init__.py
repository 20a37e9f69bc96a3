"""Listings: achievements, demands, rights, offers, and the public projection of each."""
