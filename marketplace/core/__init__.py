"""Money, journal, news, errors, the locked act: no business noun lives here."""
