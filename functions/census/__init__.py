"""Who there is: persons, the names they go by, how they are reached."""
