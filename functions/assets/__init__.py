"""What is owned, who holds it, and what is repaired."""
