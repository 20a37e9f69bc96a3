"""Benchmarks: what the product costs beside what others cost, measured on the machine at hand."""
