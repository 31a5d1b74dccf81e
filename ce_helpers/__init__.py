"""Helpers for the notebooks: scenarios, cross entropy by hand, and live explorers."""

from ce_helpers.calls.diagnose import Diagnosis, diagnose
from ce_helpers.calls.explain import Explanation, explain
from ce_helpers.calls.steps import CrossEntropySteps, cross_entropy_steps, log_softmax, softmax
from ce_helpers.images import mri_slice
from ce_helpers.learning.checks import check
from ce_helpers.learning.clinic import ErrorClinic
from ce_helpers.learning.progress import progress
from ce_helpers.learning.question_widget import ask
from ce_helpers.scenarios import SCENARIOS, Scenario
from ce_helpers.widgets.explorer import CrossEntropyExplorer
from ce_helpers.widgets.gradient import GradientExplorer
from ce_helpers.widgets.ledger import DenominatorLedger
from ce_helpers.widgets.precision import PrecisionLens
from ce_helpers.widgets.sheets import DimLens, PixelMaps

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
