"""Measurements anyone can repeat: `make bench`. See benchmarks/README.md."""
