"""All measurements: `make bench`."""

from bench import lists, pg

pg.main()
lists.main()
