"""Rules of schools: who learns and works where, and since when."""
