"""Rules of licence terms: what a sheet promises, what is owed under it and why. Pure functions, no Django."""
