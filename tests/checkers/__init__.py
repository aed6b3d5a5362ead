"""What every page must pass, as functions that a test calls: HTML, accessibility, and the browser."""
