"""Helpers for the notebooks: scenarios, cross entropy by hand, and live explorers."""

from ce_helpers.checks import check
from ce_helpers.diagnose import Diagnosis, diagnose
from ce_helpers.explain import Explanation, explain
from ce_helpers.explorers.cross_entropy import CrossEntropyExplorer
from ce_helpers.explorers.dim_lens import DimLens
from ce_helpers.explorers.gradient import GradientExplorer
from ce_helpers.explorers.ledger import DenominatorLedger
from ce_helpers.explorers.pixel_maps import PixelMaps
from ce_helpers.explorers.precision import PrecisionLens
from ce_helpers.images import mri_slice
from ce_helpers.scenarios import SCENARIOS, Scenario
from ce_helpers.steps import CrossEntropySteps, cross_entropy_steps, log_softmax, softmax
from ce_helpers.widgets.clinic import ErrorClinic
from ce_helpers.widgets.progress import progress
from ce_helpers.widgets.question import ask

__all__ = [
    "SCENARIOS",
    "CrossEntropyExplorer",
    "CrossEntropySteps",
    "DenominatorLedger",
    "Diagnosis",
    "DimLens",
    "ErrorClinic",
    "Explanation",
    "GradientExplorer",
    "PixelMaps",
    "PrecisionLens",
    "Scenario",
    "ask",
    "check",
    "cross_entropy_steps",
    "diagnose",
    "explain",
    "log_softmax",
    "mri_slice",
    "progress",
    "softmax",
]
