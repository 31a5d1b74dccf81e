import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import letters, training
from ce_helpers.threads import one_thread


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def seen():
    return set()


@pytest.fixture
def loss(seen):
    def noting(logits, target):
        seen.add(torch.get_num_threads())
        return cross_entropy(logits.flatten(0, -2), target.flatten())

    return noting


@pytest.mark.usefixtures("two_threads")
def test_trainings_take_one_thread_and_give_the_others_back(seen, loss):
    training.train(*training.points(12), 2, loss=loss)
    letters.train_bigram(loss, *letters.windows(), steps=2)
    assert seen == {1}
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_an_error_gives_them_back_as_well():
    with pytest.raises(ZeroDivisionError), one_thread():
        assert torch.get_num_threads() == 1 / 0
    assert torch.get_num_threads() == 2
