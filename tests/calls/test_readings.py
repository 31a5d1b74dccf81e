"""Each remedy of a call with several readings gives the loss that its reader means."""

import pytest
import torch
from torch.nn import functional

from ce_helpers.calls.diagnose import diagnose
from tests.calls.readings import READINGS
from tests.calls.test_rules_against_torch import DEFAULTS, run_remedies, torch_accepts


def loss_after(remedy, call):
    """What a reader gets who runs this line, and then the first line of what is found next."""
    if remedy.loss is not None:
        return remedy.loss
    call = call | remedy.new
    for _ in range(5):
        found = [f for f in diagnose(**call).findings if not f.remedies[0].is_place]
        if not found or torch_accepts((call["logits"], call["target"], keywords_of(call))):
            break
        if (first := found[0].remedies[0]).loss is not None:
            return first.loss
        call = call | first.new
    return functional.cross_entropy(call["logits"], call["target"], **keywords_of(call))


def keywords_of(call):
    return {name: call[name] for name in DEFAULTS}


@pytest.mark.parametrize("name", READINGS)
def test_every_reading_is_offered_and_gives_what_is_meant(name):
    logits, target, keywords, readings = READINGS[name]
    diagnosis = diagnose(logits, target, **keywords)
    run_remedies(diagnosis, logits, target, **keywords)
    call = {"logits": logits, "target": target} | DEFAULTS | keywords
    refused = not torch_accepts((logits, target, keywords))
    assert diagnosis.findings, "nothing was found"
    finding = next(
        f for f in diagnosis.findings if any(held in f.remedy for held in list(readings)[:1])
    )
    for earlier in diagnosis.findings[: diagnosis.findings.index(finding)]:
        call |= earlier.remedies[0].new  # a type that torch refuses, before the value
    assert refused == any(f.kind == "raises" for f in diagnosis.findings)
    assert len(finding.remedies) == len(readings), finding
    for remedy, (held, meant) in zip(finding.remedies, readings.items(), strict=True):
        assert held in remedy.line
        assert remedy.is_place == (meant is None)
        if meant is not None:
            torch.testing.assert_close(
                loss_after(remedy, call).float(), meant, rtol=1e-3, atol=1e-4
            )
