"""What a program of this folder cannot do, said in one line for people."""


class Refused(Exception):
    """Ends the program with its message and no traceback."""
