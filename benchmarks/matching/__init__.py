"""Matching speed: the compiled index beside other libraries, on the same matrices. `make bench` prints it."""
