"""What depends on the kernel alone: a catalog, a plain resource and a part show it for all."""
