"""What every resource has in common, written once; a resource joins with a few lines of data."""
