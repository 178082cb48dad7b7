"""Fitting and measuring, from a checkout only: no part of the installed product."""
