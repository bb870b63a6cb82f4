"""One connection to the database, and what its errors mean to a caller."""
