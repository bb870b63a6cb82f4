"""Locations: a tree in which every place knows its path."""
