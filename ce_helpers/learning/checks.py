"""Check the code exercises of the notebooks."""

from ce_helpers.learning import record
from ce_helpers.learning.tasks import find_exercise
from ce_helpers.learning.verdicts import Verdict


def check(key: str, function: object) -> Verdict:
    """Try the learner's function and say what is right, or what the cause of a wrong result is.

    Args:
        key: the exercise, for example "loss_from_probs".
        function: the learner's function itself. Whatever it does, a sentence comes
            back; only KeyboardInterrupt, the reader's own stop, passes.

    Raises:
        ValueError: there is no such exercise.

    Example:
        >>> check("loss_from_probs", lambda probs, target: ...).status
        'open'
    """
    verdict = find_exercise(key).judge(function)
    record.note(key, verdict.status)
    return verdict
