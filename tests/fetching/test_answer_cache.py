from badges_server.fetching.answer_cache import AnswerCache, Keeping
from badges_server.fetching.errors import UnreachableError
from badges_server.fetching.fetched import Fetched

URL = "https://badges.example/"


def answer(body: bytes = b"x", status: int = 200, control: str = "") -> Fetched:
    return Fetched(URL, status, body, {"cache-control": control})


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_kept_for_its_time_and_no_longer() -> None:
    clock = Clock()
    cache = AnswerCache(Keeping(seconds=60, failure_seconds=10), clock)
    cache.keep((URL, "a"), answer())

    clock.now = 59.9
    assert cache.look_up((URL, "a")) == answer()
    assert cache.look_up((URL, "b")) is None
    clock.now = 60.0
    assert cache.look_up((URL, "a")) is None


def test_max_age_shortens_and_never_lengthens() -> None:
    clock = Clock()
    cache = AnswerCache(Keeping(seconds=60), clock)
    cache.keep((URL, "short"), answer(control="public, max-age=5"))
    cache.keep((URL, "long"), answer(control="max-age=999999"))
    cache.keep((URL, "none"), answer(control="max-age=0"))
    cache.keep((URL, "shared"), answer(control="s-maxage=1"))

    assert cache.look_up((URL, "none")) is None
    clock.now = 5.0
    assert cache.look_up((URL, "short")) is None
    assert cache.look_up((URL, "long")) is not None
    assert cache.look_up((URL, "shared")) is not None
    clock.now = 60.0
    assert cache.look_up((URL, "long")) is None


def test_failures_and_refusals_are_kept_shorter() -> None:
    clock = Clock()
    cache = AnswerCache(Keeping(seconds=60, failure_seconds=10), clock)
    error = UnreachableError("no answer")
    cache.keep((URL, "error"), error)
    cache.keep((URL, "503"), answer(status=503))

    assert cache.look_up((URL, "error")) is error
    clock.now = 10.0
    assert cache.look_up((URL, "error")) is None
    assert cache.look_up((URL, "503")) is None


def test_the_least_recently_used_goes_first() -> None:
    cache = AnswerCache(Keeping(max_answers=2), Clock())
    cache.keep((URL, "1"), answer())
    cache.keep((URL, "2"), answer())
    cache.look_up((URL, "1"))
    cache.keep((URL, "3"), answer())

    assert [cache.look_up((URL, name)) is not None for name in "123"] == [True, False, True]


def test_bytes_are_bounded_and_counted_out_again() -> None:
    cache = AnswerCache(Keeping(max_bytes=10), Clock())
    for _ in range(5):
        cache.keep((URL, "same"), answer(b"x" * 6))
    cache.keep((URL, "other"), answer(b"x" * 4))

    assert cache.look_up((URL, "same")) is not None
    assert cache.look_up((URL, "other")) is not None
    cache.keep((URL, "third"), answer(b"x"))
    assert cache.look_up((URL, "same")) is None
    cache.keep((URL, "huge"), answer(b"x" * 11))
    assert cache.look_up((URL, "huge")) is None
