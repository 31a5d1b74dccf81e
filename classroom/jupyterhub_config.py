"""What this course asks of any JupyterHub; docs/classroom.md tells where the file goes.

JupyterHub reads it and supplies `get_config`. Who may log in, memory limits and culling are the
server's own affair and stand elsewhere.
"""

c = get_config()  # noqa: F821

# The tensors are tiny. With a thread per core, thirty kernels would fight for the same cores.
c.Spawner.environment.update({"OMP_NUM_THREADS": "1"})

# cross_entropy stands for the folder that the nbgitpuller link makes: the repository's name.
c.Spawner.default_url = "/lab/tree/cross_entropy/notebooks/01_single_sample.ipynb"

# A whole class starts at once. The defaults, 60 and 30 seconds, give up when cores are short.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
