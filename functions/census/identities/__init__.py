"""The names that persons go by."""
