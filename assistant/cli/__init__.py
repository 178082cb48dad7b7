"""The command line; nothing slow is imported before a command needs it."""
