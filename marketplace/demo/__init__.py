"""The demonstration market: loads the fictional listings that ship with the product, or a folder of one's own."""
