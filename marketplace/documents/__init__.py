"""Documents: Word templates, the files made from them, files kept as evidence, and who was shown what."""
