"""First, latest, original, final, as of a day: which of several supported answers a question asks for, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.types import Article, TimeExpression
from qa.kinds import FIGURES
from qa.likelihood import days_before, meets, nearest_ordinal
from qa.offices import holds_another_office
from qa.subject import holds, names_held
from qa.terms import keys
from qa.told import Told, says_first, told
from qa.types import Agreement, AnswerKind, Candidate, Ordering, Query, Window

# An answer this near to the best score is weighed by time; a weaker one is no rival, however late or early. A question
# that asks for an order expects several answers to its other words; one that does not, hardly ever. Readers, which know
# no order, often all but rule out the right one: it is a rival still when it is of the same subject and its own words
# say that it was given at first, put right or newly in office, or, less weak, when it is a figure or a plan.
# A question for the first or the nth says itself which one it wants, and readers heed that: of 100 such questions that
# nothing was made for, 59 were right with rivals from 0.25 of the best on, and 68 with those from 0.6 on.
RIVAL = 0.5
RIVAL_NUMBERED = 0.6
RIVAL_IN_ORDER = 0.25
RIVAL_UNMARKED = 0.12
RIVAL_MARKED = 0.03
NEVER, ALWAYS = date.min, date.max
_GIVEN = frozenset({Ordering.ORIGINAL, Ordering.FINAL})


@dataclass(frozen=True, slots=True)
class Rival:
    """An answer, what its words say of time, and the first and last days on which it was reported."""

    group: Agreement
    told: Told
    reported: tuple[date, date]
    ordinal: int | None
    first: bool
    old: bool
    new: bool
    left: bool
    began: bool
    elsewhere: bool

    @property
    def score(self) -> float:
        """How well it is supported."""
        return self.group.score

    @property
    def event(self) -> date:
        """The day of the event that it tells, else of its report."""
        return self.told.event[0] if self.told.event else self.reported[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer chosen, what was compared, and the rivals that were not chosen, best first.

    `supported` is the chance of the best of them, or of all where they are accounts of one thing: which one it is, time
    has settled. `replaced` is the value that the
    chosen one takes the place of, or that took its place; `revised` says that the former is so.
    """

    group: Agreement
    rivals: tuple[Rival, ...]
    note: str
    supported: float
    replaced: Candidate | None = None
    revised: bool = False


def in_time(
    query: Query,
    groups: Sequence[Agreement],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> Choice:
    """Return the group of candidates that the question's order or its days ask for; the best one when neither does."""
    ordered = query.ordering is not Ordering.NONE or query.window is not None or query.subject is not None
    rivals = list(_rivals(query, groups, articles, times, ordered=ordered))
    pool, key = _rule(query, rivals)
    chosen = max(pool, key=key)
    others = tuple(rival for rival in rivals if rival is not chosen)
    note = _note(query, rivals, articles) if len(rivals) > 1 and ordered else ""
    # Asked what stood at first or in the end, all that was ever given is of the thing asked about.
    given = sum(rival.score for rival in rivals) if query.ordering in _GIVEN else groups[0].score
    return Choice(chosen.group, others, note, min(given, 1.0))


def _rivals(
    query: Query,
    groups: Sequence[Agreement],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
    *,
    ordered: bool,
) -> Iterator[Rival]:
    """Yield the answers to be weighed by time: those near the best, and weak ones that the order asked for favours."""
    least = _least(query, ordered=ordered) * groups[0].score
    names = names_held(query, groups[0].candidates[0], articles)
    best = _weigh(query, groups[0], names, articles, times)
    yield best
    for group in groups[1:]:
        if group.score >= least:
            yield _weigh(query, group, names, articles, times)
        elif group.score >= RIVAL_MARKED * groups[0].score and holds(names, group.candidates[0], articles):
            rival = _weigh(query, group, names, articles, times)
            if _favoured(query, rival, best):
                yield rival


def _least(query: Query, *, ordered: bool) -> float:
    if query.ordering in (Ordering.FIRST, Ordering.NTH):
        return RIVAL_NUMBERED
    return RIVAL_IN_ORDER if ordered else RIVAL


def _favoured(query: Query, rival: Rival, best: Rival) -> bool:
    """Whether a weak answer is what the order asks for by its own words, or is a figure, which news gives anew."""
    figure = query.kind in FIGURES
    near = rival.score >= RIVAL_UNMARKED * best.score
    if query.ordering is Ordering.ORIGINAL:
        return rival.old or (near and (figure or rival.told.planned))
    if query.ordering in (Ordering.FINAL, Ordering.LATEST):
        return rival.new or (near and figure)
    if query.ordering is Ordering.FOLLOWING:
        return rival.began
    if query.ordering is not Ordering.NONE or rival.reported[1] <= best.reported[1]:
        return False
    if query.kind is AnswerKind.DAY:  # what came of a plan
        return best.old and best.told.planned and not rival.told.planned
    return near and figure and rival.told.corrects


_Key = Callable[[Rival], tuple[float, float]]


def _rule(query: Query, rivals: Sequence[Rival]) -> tuple[Sequence[Rival], _Key]:
    """Return those among which to choose, and what the chosen one has most of."""
    is_day = query.kind is AnswerKind.DAY
    happened = [rival for rival in rivals if not rival.told.planned]
    standing = [rival for rival in rivals if not rival.old and not rival.left and not rival.elsewhere] or rivals
    if query.ordering is Ordering.LATEST:
        if is_day:
            bounded = [r for r in happened if query.window is None or meets(query.window, (r.event, r.event))]
            return bounded or happened or rivals, _late_event
        return _in_window(query, standing), _late_report
    if query.ordering is Ordering.FINAL:
        return (
            [rival for rival in standing if not rival.told.planned] or standing
        ) if is_day else standing, _late_report
    if query.ordering is Ordering.ORIGINAL:
        old = [rival for rival in rivals if rival.old or (is_day and rival.told.planned)]
        return old or rivals, _early_report
    if query.ordering is Ordering.NEXT and is_day:
        return [rival for rival in rivals if rival.event >= query.asked_on] or rivals, _early_event
    if query.ordering is Ordering.FIRST:
        said = [rival for rival in rivals if rival.first]
        return (said, _likely) if said else (rivals, _early_event if is_day else _likely)
    if query.ordering is Ordering.FOLLOWING:
        return [rival for rival in rivals if rival.began] or rivals, _likely
    if query.ordering is Ordering.PREVIOUS:
        return rivals, _likely
    if query.ordering is Ordering.NTH:
        return [rival for rival in rivals if rival.ordinal == query.ordinal] or rivals, _likely
    if not is_day and (query.window or query.subject):
        inside = _in_window(query, rivals)
        corrected = [rival for rival in inside if rival.told.corrects and not rival.old]
        return (corrected, _late_report) if corrected and query.kind in FIGURES else (inside, _likely)
    if is_day and query.subject:
        inside = [rival for rival in rivals if rival.told.event and meets(query.subject, rival.told.event)]
        return inside or rivals, _likely
    if is_day and happened and len(happened) < len(rivals):
        return _unplanned(rivals), _likely
    corrected = [rival for rival in rivals[1:] if rival.told.corrects and rival.reported[1] > rivals[0].reported[1]]
    return (corrected, _late_report) if corrected and query.kind in FIGURES else (rivals, _likely)


def _unplanned(rivals: Sequence[Rival]) -> list[Rival]:
    """Leave out the plans made by the day of the report of what happened, but for those of that report."""
    done = [rival for rival in rivals if not rival.told.planned]
    last = max(rival.reported[1] for rival in done)
    told = {candidate.passage.article_id for rival in done for candidate in rival.group.candidates}
    return [
        rival
        for rival in rivals
        if not rival.told.planned
        or rival.reported[1] > last
        or told.issuperset(candidate.passage.article_id for candidate in rival.group.candidates)
    ]


def _in_window(query: Query, rivals: Sequence[Rival]) -> Sequence[Rival]:
    """Return the rivals told in the days asked about, else those last told before them."""
    window = query.window or query.subject
    if window is None:
        return rivals
    inside = [rival for rival in rivals if _told_in(window, rival)]
    if inside or window.latest is None:
        return inside or rivals
    before = [rival for rival in rivals if days_before(rival.reported[0]) <= window.latest]
    last = max((_reported_by(rival, window.latest) for rival in before), default=NEVER)
    return [rival for rival in before if _reported_by(rival, window.latest) == last] or rivals


def _reported_by(rival: Rival, day: date) -> date:
    return rival.reported[1] if rival.reported[1] <= day else rival.reported[0]


def _told_in(window: Window, rival: Rival) -> bool:
    if window.as_of:
        return False
    if rival.told.event and rival.told.published and rival.told.event != (rival.told.published,) * 2:
        return meets(window, rival.told.event)
    days = [days_before(rival.reported[0]), rival.reported[1]]
    return any(meets(window, (day, day)) for day in days)


def _late_event(rival: Rival) -> tuple[float, float]:
    return rival.event.toordinal(), rival.score


def _early_event(rival: Rival) -> tuple[float, float]:
    return -rival.event.toordinal(), rival.score


def _late_report(rival: Rival) -> tuple[float, float]:
    return rival.reported[1].toordinal(), rival.score


def _early_report(rival: Rival) -> tuple[float, float]:
    return -rival.reported[0].toordinal(), rival.score


def _likely(rival: Rival) -> tuple[float, float]:
    return rival.score, 0.0


def _weigh(
    query: Query,
    group: Agreement,
    names: frozenset[str],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> Rival:
    """Return a group with what its candidates say of time, those left out that are about something else."""
    own = tuple(c for c in group.candidates if holds(names, c, articles)) or group.candidates[:1]
    group, asked = replace(group, candidates=own), keys(query.standalone)
    each = [told(candidate, articles, times) for candidate in own]
    days = [entry.published for entry in each if entry.published is not None] or [NEVER]
    last = max(range(len(each)), key=lambda n: each[n].published or NEVER)
    return Rival(
        group,
        each[0],
        (min(days), max(days)),
        next(
            (
                n
                for c in group.candidates
                if (n := nearest_ordinal(articles[c.passage.article_id].text, c, asked)) is not None
            ),
            None,
        ),
        any(says_first(candidate, articles[candidate.passage.article_id]) for candidate in group.candidates),
        any(entry.replaced or entry.at_first for entry in each),
        each[last].began or each[last].corrects,
        each[last].ended,
        any(entry.began for entry in each),
        query.kind is AnswerKind.PERSON
        and not each[0].began
        and holds_another_office(query.standalone, own[0], articles[own[0].passage.article_id]),
    )


def _note(query: Query, rivals: Sequence[Rival], articles: Mapping[str, Article]) -> str:
    """Say what was compared: "Earliest of 4 mentions; articles of 2015 to 2025." """
    days = sorted(_days(rivals, articles))
    if not days:
        return ""
    which = _WHICH.get(query.ordering, "Told in the days asked about, one")
    years = f"{days[0].year}" if days[0].year == days[-1].year else f"{days[0].year}–{days[-1].year}"
    return f"{which} of {len(rivals)} answers found, in articles of {years}."


_WHICH = {
    Ordering.FIRST: "Earliest",
    Ordering.ORIGINAL: "Earliest given",
    Ordering.LATEST: "Latest",
    Ordering.FINAL: "Last given",
    Ordering.NTH: "The one so numbered",
    Ordering.NEXT: "The next",
}


def _days(rivals: Iterable[Rival], articles: Mapping[str, Article]) -> Iterable[date]:
    for rival in rivals:
        for candidate in rival.group.candidates:
            day = articles[candidate.passage.article_id].published_day
            if day is not None:
                yield day
