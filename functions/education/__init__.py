"""Schools and their years: who learns and works where."""
