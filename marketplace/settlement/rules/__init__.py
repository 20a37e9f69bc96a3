"""Rules of settlement: how money is booked, shared out among what is owed, recognised and aged."""
