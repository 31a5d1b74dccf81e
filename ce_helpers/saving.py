"""A part of Jupyter's server: what it saves can be read without a kernel.

A widget lives as long as its kernel. Opened again, the notebook says "model not found" in its place
and hides the picture or the text that lies beside it. So the file holds these alone, and nothing
that differs from run to run. The open page keeps its live widgets.

The server imports this, so it imports nothing, and the package's names are loaded when first used.
"""

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Metadata of our widgets: the picture or the text beside the view can stand for it.
CAN_GO = {WIDGET_VIEW: {"ce_helpers": True}}


def clean(notebook: dict) -> None:
    """Removes from a notebook that uses `ce_helpers` what says nothing without its kernel.

    Sources, and all outputs but the views of our widgets, stay as they are.

    Args:
        notebook: of nbformat 4; it is changed in place.
    """
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if not any("ce_helpers" in "".join(cell["source"]) for cell in code):
        return
    outputs = [output for cell in code for output in cell["outputs"] if "data" in output]
    for output in outputs:
        if output["metadata"].get(WIDGET_VIEW) == CAN_GO[WIDGET_VIEW]:
            del output["metadata"][WIDGET_VIEW], output["data"][WIDGET_VIEW]
    if not any(WIDGET_VIEW in output["data"] for output in outputs):
        notebook["metadata"].pop("widgets", None)  # the state of the views that are gone
    if "language_info" in notebook["metadata"]:
        notebook["metadata"]["language_info"] = {"name": "python"}  # each kernel writes its version
    for cell in code:
        cell["metadata"].pop("execution", None)  # at what time it ran


def _clean_before_save(model: dict, **_: object) -> None:
    """What Jupyter calls; should it raise, Jupyter logs the error and saves all the same."""
    if model["type"] == "notebook" and model["content"]["nbformat"] == 4:
        clean(model["content"])


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: object) -> None:
    server.contents_manager.register_pre_save_hook(_clean_before_save)
