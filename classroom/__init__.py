"""A class on a JupyterHub: its configuration, a test with simulated students, and sizes."""

COURSE = "cross_entropy"  # the folder in a student's home
NOTEBOOK = f"{COURSE}/notebooks/01_single_sample.ipynb"
