"""Questions that the library's own records answer: who wrote, when, where, how many, the newest."""
