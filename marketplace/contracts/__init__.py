"""Contracts: term sheets as data that run, contracts and their states, milestones, sales reports, guarantees."""
