"""What an answer is worth and what a run is summed up by. Pure."""
