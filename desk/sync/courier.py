"""Several short attempts instead of a patient one: a bad line is good for seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from db.vocabulary import Delivery
from desk.sync.descent import Descended
from desk.sync.model import ItemResult, Run
from desk.sync.post import Post
from desk.sync.ways import LINE

ATTEMPTS = 3
_PAUSE = (5.0, 15.0)


def deliver(post: Post, *, pause: Callable[[float], None] = time.sleep) -> Run:
    """Run the post now, whatever rests, and up to twice more while a line fails; return all that came of it."""
    from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random

    runs: list[Run] = []

    def attempt() -> bool:
        runs.append(post.run(again=bool(runs)))
        waits = any(item.state is not Delivery.CONFIRMED for item in runs[-1])
        return waits and any(problem.reason in LINE for problem in runs[-1].problems)

    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random(*_PAUSE),
        sleep=pause,
        retry_error_callback=lambda _state: None,
    )(attempt)
    items: dict[str, ItemResult] = {item.sha256: item for run in runs for item in run}
    last = runs[-1]
    return Run(items.values(), last.pinned, any(run.newly_pinned for run in runs), last.problems)


def fetch(post: Post, *, pause: Callable[[float], None] = time.sleep) -> Descended:
    """Fetch what is published now, and up to twice more while a line fails: each time goes on where it broke off."""
    from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random

    runs: list[Descended] = []

    def attempt() -> bool:
        runs.append(post.descend())
        return any(problem.reason in LINE for problem in runs[-1].problems)

    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random(*_PAUSE),
        sleep=pause,
        retry_error_callback=lambda _state: None,
    )(attempt)
    return Descended(tuple(each for run in runs for each in run.new), runs[-1].problems)
