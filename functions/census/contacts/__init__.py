"""How persons are reached."""
