"""The kernel that every module of Nexus shares."""
