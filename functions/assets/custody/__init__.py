"""Custody: who has what, and where it is. Circulations tell what happened, assignments the spans
that these open and close."""
