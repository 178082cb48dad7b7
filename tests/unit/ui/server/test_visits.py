from __future__ import annotations

from assistant_ui.server.visits import MAX_CLOSED, MAX_UNREAD, MAX_UNREAD_S, Visits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_visit_is_remembered_while_it_is_open_and_for_its_life() -> None:
    clock = Clock()
    visits = Visits(life_s=600, clock=clock)
    visits.enter("ann", is_page=True)
    clock.now += 10_000
    assert visits.over({"ann"}, set()) == set()
    visits.leave("ann")
    clock.now += 599
    assert visits.over({"ann"}, set()) == set()
    clock.now += 1
    assert visits.over({"ann"}, set()) == {"ann"}


def test_who_comes_back_stays() -> None:
    clock = Clock()
    visits = Visits(life_s=600, clock=clock)
    for _ in range(2):
        visits.enter("ann", is_page=True)
        visits.leave("ann")
        clock.now += 500
    assert visits.over({"ann"}, set()) == set()


def test_one_of_two_connections_keeps_a_visit_open() -> None:
    clock = Clock()
    visits = Visits(life_s=600, clock=clock)
    visits.enter("ann", is_page=True)
    visits.enter("ann", is_page=False)
    visits.leave("ann")
    clock.now += 601
    assert visits.over({"ann"}, set()) == set()


def test_a_session_that_is_answered_is_never_over() -> None:
    clock = Clock()
    visits = Visits(life_s=600, clock=clock)
    assert visits.over({"script"}, {"script"}) == set()
    clock.now += 10_000
    assert visits.over({"script"}, {"script"}) == set()
    clock.now += MAX_UNREAD_S - 1
    assert visits.over({"script"}, set()) == set()
    clock.now += 1
    assert visits.over({"script"}, set()) == {"script"}


def test_of_many_closed_visits_the_last_are_kept() -> None:
    clock = Clock()
    visits = Visits(life_s=1e9, clock=clock)
    names = [f"visit{n}" for n in range(MAX_CLOSED + 100)]
    for name in names:
        clock.now += 1
        visits.enter(name, is_page=True)
        visits.leave(name)
    assert visits.over(set(names), set()) == set(names[:100])


def test_sessions_that_scripts_make_up_are_forgotten_too() -> None:
    clock = Clock()
    visits = Visits(life_s=1e9, clock=clock)
    names = {f"script{n}" for n in range(MAX_UNREAD + 100)}
    assert len(visits.over(names, set())) == 100


def test_nothing_is_noted_of_what_is_forgotten() -> None:
    clock = Clock()
    visits = Visits(life_s=600, clock=clock)
    for n in range(1_000):
        visits.enter(f"visit{n}", is_page=True)
        visits.leave(f"visit{n}")
    clock.now += 601
    visits.over(set(), set())
    assert not visits._seen_at
    assert not visits._was_page
    assert not visits._open
