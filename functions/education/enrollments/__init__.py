"""Enrollments: who learns where, and since when."""
