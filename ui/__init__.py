"""The page: a Gradio front end over ``Assistant``, with no retrieval or grounding of its own."""
