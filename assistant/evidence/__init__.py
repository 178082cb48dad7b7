"""What a library holds on a question: its best papers and sentences, and how likely an answer."""
