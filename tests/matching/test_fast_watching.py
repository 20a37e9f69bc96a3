"""Watching: a new document finds every question whose list it enters, through any edits, and few others."""

import random
from datetime import date
from pathlib import Path

import pytest

from matching import Document, Matcher, datasets
from matching.watching import Watch
from tests.matching.listings import LISTINGS, NEED, POWDER
from tests.matching.test_fast import COMPILED, PLAIN, WORDS, some_document

pytest.importorskip("numba")

K = 5


def questions(luck, count):
    made = (some_document(luck) for _ in range(count))
    return [Document(f"q{n:03}", d.title, d.text, d.keywords, d.fields) for n, d in enumerate(made)]


class Lists:
    """A matcher, a watch on it, and every question's list as asking all of them gives it."""

    def __init__(self, settings, documents, asked):
        self.matcher, self.asked = Matcher.fit(documents, settings), {each.id: each for each in asked}
        self.watch = Watch(self.matcher, K)
        self.watch.keep(asked)

    def change(self, documents=(), gone=()):
        self.watch.left([*(each.id for each in documents), *gone])
        self.matcher.remove(gone)
        self.matcher.add(documents)
        self.watch.arrived(documents)

    def entered(self, documents):
        """The questions that the watch finds, asked again."""
        reached = self.watch.reached(documents)
        for question in reached:
            self.watch.note(question, self.ask(question))
        fresh = {each.id for each in documents}
        return {question for question in reached if fresh.intersection(dict(self.ask(question)))}, reached

    def ask(self, question):
        return self.matcher.rank_many([self.asked[question]], K)[0]

    def really_entered(self, documents):
        fresh = {each.id for each in documents}
        return {question for question in self.asked if fresh.intersection(dict(self.ask(question)))}


@pytest.mark.parametrize(("settings", "waiting"), [(COMPILED, 0), (COMPILED, 1024), (PLAIN, 1024)])
@pytest.mark.parametrize("seed", range(4))
def test_the_questions_entered_are_those_whose_lists_hold_the_document(seed, waiting, settings, monkeypatch):
    monkeypatch.setattr("matching.watching.WAITING", waiting)
    luck = random.Random(seed)
    lists = Lists(settings, [some_document(luck, 300) for _ in range(150)], questions(luck, 50))
    for _ in range(8):
        fresh = [some_document(luck, 300) for _ in range(luck.choice((1, 1, 3)))]
        lists.change(fresh, [f"d{luck.randrange(300):03}" for _ in range(luck.choice((0, 0, 2, 20)))])
        fresh = list({each.id: each for each in fresh if each.id in lists.matcher}.values())
        assert lists.entered(fresh)[0] == lists.really_entered(fresh)


@pytest.mark.parametrize("settings", [COMPILED, PLAIN], ids=["compiled", "plain"])
def test_on_the_product_s_own_market_every_entered_list_is_found(settings):
    """The shipped achievements and demands with their facts; the last achievements come one by one."""
    supply, demand = (datasets.documents(Path("fixtures/benchmark"), name) for name in ("corpus", "queries"))
    lists = Lists(settings, supply[:-5], demand)
    lists.entered([])
    for achievement in supply[-5:]:
        lists.change([achievement])
        entered, reached = lists.entered([achievement])
        assert entered == lists.really_entered([achievement])
        assert len(reached) < 0.7 * len(demand)


def test_questions_that_come_change_and_go_are_followed():
    luck = random.Random(3)
    lists = Lists(COMPILED, [some_document(luck, 300) for _ in range(150)], questions(luck, 40))
    for turn in range(10):
        changed = [Document(f"q{n:03}", NEED.title, luck.choice(WORDS)) for n in luck.sample(range(60), 4)]
        lists.watch.keep(changed)
        gone = f"q{luck.randrange(40):03}"
        lists.watch.forget([gone, "nobody"])
        lists.asked |= {each.id: each for each in changed}
        lists.asked.pop(gone, None)
        fresh = Document(f"new{turn}", luck.choice(WORDS), " ".join(luck.choices(WORDS, k=8)))
        lists.change([fresh])
        assert lists.entered([fresh])[0] == lists.really_entered([fresh])
    assert len(lists.watch) == len(lists.asked)


def test_a_word_that_no_document_held_until_now_is_met():
    asked = Document("q", text="锆钛薄膜 传感器 鑫犇淼")
    lists = Lists(COMPILED, [Document(f"d{n}", text="传感器 薄膜 " + "催化剂 " * n) for n in range(30)], [asked])
    lists.entered([])
    fresh = Document("new", text="鑫犇淼")
    lists.change([fresh])
    assert lists.entered([fresh])[0] == lists.really_entered([fresh]) == {"q"}


def test_few_questions_are_asked_again_in_vain():
    luck = random.Random(11)
    asked = [Document(f"q{n:03}", text=" ".join(luck.choices(WORDS, k=6))) for n in range(200)]
    lists = Lists(COMPILED, [some_document(luck, 1000) for _ in range(600)], asked)
    lists.entered([])
    vain = 0
    for turn in range(20):
        fresh = Document(f"new{turn}", text=" ".join(luck.choices(WORDS, k=12)))
        lists.change([fresh])
        entered, reached = lists.entered([fresh])
        vain += len(reached) - len(entered)
    assert vain < 200 * 20 * 0.05


def test_a_removal_touches_only_the_lists_that_held_the_document():
    luck = random.Random(5)
    lists = Lists(COMPILED, [some_document(luck, 300) for _ in range(200)], questions(luck, 60))
    lists.entered([])
    held = {question for question in lists.asked if "d007" in dict(lists.ask(question))}
    assert set(lists.watch.holding("d007")) == held
    lists.change(gone=["d007"])
    assert set(lists.watch.reached([])) == held


def test_a_list_whose_member_s_last_day_is_over_is_not_known_any_more():
    open_until = {"open_until": "2026-11-22"}
    lists = Lists(COMPILED, [Document("powder", POWDER.title, fields=open_until), *LISTINGS[1:]], [NEED])
    lists.watch.note("need", lists.ask("need"))
    assert lists.watch.reached([], date(2026, 11, 22)) == []
    assert lists.watch.reached([], date(2026, 11, 23)) == ["need"]


def test_a_document_without_a_shared_word_reaches_nothing():
    lists = Lists(COMPILED, LISTINGS, [NEED])
    lists.entered([])
    assert lists.watch.reached([Document("x", text="zzz")]) == []


@pytest.mark.parametrize(("owner", "reached"), [("a", []), ("b", ["own"])])
def test_conditions_hold_for_the_new_document_too(owner, reached):
    lists = Lists(COMPILED, LISTINGS, [Document("own", NEED.title, fields={"owner": "a"})])
    lists.entered([])
    assert lists.watch.reached([Document("p", POWDER.title, fields={"owner": owner})]) == reached
