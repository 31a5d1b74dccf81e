"""Helpers for the notebooks: scenarios, cross entropy by hand, and live explorers."""

import importlib

# The names that notebooks use, by their module. Each is loaded when it is first used: Jupyter's
# server imports `ce_helpers.saving`, and has no need of torch.
_NAMES = {
    "calls.diagnose": ("Diagnosis", "diagnose"),
    "calls.explain": ("Explanation", "explain"),
    "calls.softmax": ("log_softmax", "softmax"),
    "calls.steps": ("CrossEntropySteps", "cross_entropy_steps"),
    "images": ("brightness_call", "mri_slice"),
    "learning.checks": ("check",),
    "learning.clinic": ("ErrorClinic",),
    "learning.fold": ("reveal",),
    "learning.progress": ("progress",),
    "learning.question_widget": ("ask",),
    "scenarios": ("SCENARIOS", "Scenario"),
    "explorers.cross_entropy": ("CrossEntropyExplorer",),
    "explorers.gradient": ("GradientExplorer",),
    "explorers.ledger": ("DenominatorLedger",),
    "explorers.dim_lens": ("DimLens",),
    "explorers.pixel_maps": ("PixelMaps",),
    "explorers.precision": ("PrecisionLens",),
    "explorers.sequence": ("SequenceExplorer",),
    "explorers.smoothing": ("SmoothingExplorer",),
    "explorers.temperature": ("TemperatureExplorer",),
    "explorers.training": ("TrainingExplorer",),
    "explorers.training_cards": ("TrainingCards",),
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names}
__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    """Loads a name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
