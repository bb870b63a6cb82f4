"""The scheduled jobs, by their own role, on what the API has made."""
