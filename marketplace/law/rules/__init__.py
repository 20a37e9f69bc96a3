"""Rules of law: what a legal value, a place, a period and a written identifier are. Pure."""
