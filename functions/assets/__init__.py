"""What the district owns; so far only the door that configuration items knock at."""
