"""What keeps people out of a page: faults that axe finds, pages wider than their window, keys that lead nowhere."""
