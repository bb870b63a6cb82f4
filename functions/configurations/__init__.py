"""What runs, and what it stands on."""
