"""The templates that come with the product, as text; `python tools/make_templates.py` makes the Word files of them."""
