"""How much, how long, which: pure functions of brokerage."""
