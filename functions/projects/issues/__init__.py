"""Issues: what is asked for and what is broken, each on the way through its workflow."""
