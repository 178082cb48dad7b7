"""Files and folders: how they are read, written, closed to others, and counted."""
