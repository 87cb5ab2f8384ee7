"""Marts: one SELECT a file, built into one database, published whole, opened read-only."""
