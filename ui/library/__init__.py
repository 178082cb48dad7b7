"""The library tab: the table of papers, and what changes the library."""
