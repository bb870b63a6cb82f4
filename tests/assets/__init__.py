"""Rules of assets."""
