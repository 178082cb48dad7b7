"""What the tabs share: parts drawn in the browser, errors, links and papers as shown."""
