"""Assets: what is owned, serialized or counted."""
