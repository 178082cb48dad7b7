"""A run as report.json, report.md, report.html and junit.xml."""
