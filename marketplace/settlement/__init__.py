"""Settlement: money owed, received, shared: the ledger."""
