"""Employment assignments: where and as what an employment has somebody work."""
