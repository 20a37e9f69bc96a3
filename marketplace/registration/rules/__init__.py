"""Rules of registration: which type a contract is, what of its price is technical, what would be sent back. Pure."""
