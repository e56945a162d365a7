"""The two halves that CI asks are the whole."""

from tests.halves import ON_BOTH, browser_files


def test_every_file_of_browser_tests_is_asked_on_one_database_and_what_a_phone_sends_on_both():
    first, second, whole = (browser_files(half) for half in (1, 2, 0))
    assert first | second == whole
    assert first & second == ON_BOTH
    assert abs(len(first) - len(second)) <= 1
