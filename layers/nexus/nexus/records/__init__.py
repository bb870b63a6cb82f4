"""Records: tables, what is read of them, the verbs that change them."""
