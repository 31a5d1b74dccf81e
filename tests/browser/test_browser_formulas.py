"""formulas.js computes in float32 what torch computes, in torch's order of adding."""

import base64

import pytest
import torch

from ce_helpers.explorers.cross_entropy_state import ExplorerState, lanes
from ce_helpers.live.modules import module


def previews(page, states):
    """The loss and the probabilities that the browser computes for the first element of each."""
    code = base64.b64encode(module("formulas.js").encode()).decode()
    sent = [
        {
            "logits": state.selected_logits.tolist(), "target": state.selected_target,
            "sizes": list(state.sizes), "all": state.columns().flatten().tolist(),
        }
        for state in states
    ]  # fmt: skip
    return page.evaluate(
        f"""async ([sent, lanes]) => {{
          const {{ crossEntropy }} = await import("data:text/javascript;base64,{code}");
          return sent.map(({{ logits, target, sizes, all }}) => {{
            const count = sizes.reduce((a, b) => a * b);
            const tensors = {{ logits: new Float32Array(all), targets: new Uint8Array(count),
              losses: new Float32Array(count) }};
            const fixed = {{ sizes, lanes, inner: count > sizes[0], hands: {{}} }};
            const found = crossEntropy({{ logits, target, element: 0 }}, tensors, fixed);
            return [found.loss, ...found.probs];
          }});
        }}""",
        [sent, lanes()],
    )


@pytest.mark.parametrize("shape", [(1, 4), (1, 10), (1, 100), (2, 20, 3), (1, 100, 4)], ids=str)
def test_the_previewed_loss_is_torchs_to_the_last_bit(browser, shape, cases):
    """The target stands well ahead, so the loss is what the last bits of the sum are."""
    generator = torch.Generator().manual_seed(1)
    states = []
    for _ in range(60 * cases):
        logits = 2 * torch.randn(shape, generator=generator)
        logits[:, 1] += 9
        target = torch.ones(shape[0], *shape[2:], dtype=torch.long)
        states.append(ExplorerState(logits, target))
    page = browser.new_page()
    found = torch.tensor(previews(page, states))
    page.close()
    losses = torch.tensor([state.selected_loss for state in states])
    probs = torch.stack([state.probs for state in states])
    assert (found[:, 0] == losses).float().mean() > 0.9
    # exp may differ by its last bit
    torch.testing.assert_close(found[:, 1:], probs, rtol=5e-7, atol=0)
