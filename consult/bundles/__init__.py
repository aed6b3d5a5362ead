"""A whole consultation in and out of a folder of files."""
