"""Whether a claim is borne out by the sentences it rests on, and where it departs from them."""
