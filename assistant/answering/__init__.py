"""A question and its best papers to quotations, or to the reason why there are none."""
