import torch

from ce_helpers import SCENARIOS

# As the article prints them, in its order.
ARTICLE = {
    "confident_right": [0.0037],
    "confident_wrong": [16.0],
    "two_positions": [[3.7192e-03, 8.0037e00]],
    "batch_of_two": [[2.4938e00, 1.1921e-07], [4.5418e-05, 4.5418e-05]],
}


def test_the_scenarios_give_the_numbers_the_article_prints():
    assert list(SCENARIOS) == list(ARTICLE)
    for key, printed in ARTICLE.items():
        scenario = SCENARIOS[key]
        loss = torch.nn.functional.cross_entropy(scenario.logits, scenario.target, reduction="none")
        expected = torch.tensor(printed)
        assert loss.shape == expected.shape
        # half a unit of the last printed digit
        half_digit = 5e-5 if key == "confident_right" else expected * 5e-5
        assert ((loss - expected).abs() <= half_digit).all(), (key, loss)


def test_each_access_gives_fresh_tensors():
    scenario = SCENARIOS["confident_right"]
    scenario.logits.zero_()
    scenario.target.zero_()
    assert scenario.logits.tolist() == [[4, 3, 2, 10]]
    assert scenario.target.tolist() == [3]
    assert (scenario.logits.dtype, scenario.target.dtype) == (torch.float32, torch.int64)
