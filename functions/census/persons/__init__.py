"""Persons with their parts: the names they go by, the ways to reach them."""
