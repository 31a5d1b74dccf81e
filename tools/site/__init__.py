"""The lesson as a web site: an index, each notebook as one page, slides of the core notebooks.

Each is one file that asks for nothing else. `python -m tools.site` writes them.
"""
