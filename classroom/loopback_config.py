"""The hub that `python -m classroom.load` starts on 127.0.0.1; never for real students.

Anyone gets in under any name, and nothing separates one student from another.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig("jupyterhub_config.py", path=str(Path(__file__).parent))  # noqa: F821

c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.ConfigurableHTTPProxy.command = [
    str(Path(__file__).parent / ".proxy/node_modules/.bin/configurable-http-proxy")
]

# The simulated browsers take TCP ports of this machine, so kernels that start together may find
# theirs taken. Not for real students: a socket's path has at most 107 characters, and a long user
# name makes it longer.
c.Spawner.args = ["--KernelManager.transport=ipc"]
if os.geteuid() == 0:
    c.Spawner.args.append("--allow-root")  # as in a container
