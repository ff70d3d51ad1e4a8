"""Words of a question or a sentence, brought to one form so that they can be compared."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

STOP_WORDS = frozenset(
    """
    a an the and or but if of in on at to for from by with about as into over under than that this these those
    is are was were be been being am do does did done has have had having will would can could shall should
    may might must it its he his him she her they their them we our us you your i my me one who whom whose
    which what when where why how there here not no nor so such only own same just also too very s t d ll re
    ve m any some each both all tell say says said according report reported article articles news please give
    name many much long day date year month time happen happened take took place hold held
    """.split()
)

ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st inaugural maiden opening",
            "second 2nd",
            "third 3rd",
            "fourth 4th",
            "fifth 5th",
            "sixth 6th",
            "seventh 7th",
            "eighth 8th",
            "ninth 9th",
            "tenth 10th",
            "eleventh 11th",
            "twelfth 12th",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ),
        start=1,
    )
    for word in words.split()
}

_ORDINAL_WORDS = {number: word for word, number in reversed(ORDINALS.items())}
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
} | {"dozen": "12", "hundred": "100"}

# Country and its adjective are one name to a reader: "the Indian and Japanese ministers" met at an India-Japan meeting.
DEMONYMS = {
    adjective: country
    for country, adjectives in {
        "afghanistan": "afghan",
        "albania": "albanian",
        "algeria": "algerian",
        "america": "american americans u.s us usa",
        "angola": "angolan",
        "argentina": "argentine argentinian",
        "armenia": "armenian",
        "australia": "australian australians",
        "austria": "austrian",
        "azerbaijan": "azerbaijani azeri",
        "bahrain": "bahraini",
        "bangladesh": "bangladeshi",
        "belarus": "belarusian",
        "belgium": "belgian",
        "bolivia": "bolivian",
        "bosnia": "bosnian",
        "botswana": "botswanan",
        "brazil": "brazilian",
        "britain": "british uk u.k",
        "bulgaria": "bulgarian",
        "cambodia": "cambodian",
        "cameroon": "cameroonian",
        "canada": "canadian canadians",
        "chile": "chilean",
        "china": "chinese",
        "colombia": "colombian",
        "croatia": "croatian croat",
        "cuba": "cuban",
        "cyprus": "cypriot",
        "czechia": "czech",
        "denmark": "danish",
        "ecuador": "ecuadorian",
        "egypt": "egyptian",
        "estonia": "estonian",
        "ethiopia": "ethiopian",
        "europe": "european eu",
        "fiji": "fijian",
        "finland": "finnish",
        "france": "french",
        "georgia": "georgian",
        "germany": "german germans",
        "ghana": "ghanaian",
        "greece": "greek",
        "guatemala": "guatemalan",
        "haiti": "haitian",
        "hungary": "hungarian",
        "iceland": "icelandic",
        "india": "indian indians",
        "indonesia": "indonesian",
        "iran": "iranian",
        "iraq": "iraqi",
        "ireland": "irish",
        "israel": "israeli",
        "italy": "italian",
        "jamaica": "jamaican",
        "japan": "japanese",
        "jordan": "jordanian",
        "kazakhstan": "kazakh",
        "kenya": "kenyan",
        "korea": "korean",
        "kuwait": "kuwaiti",
        "laos": "laotian",
        "latvia": "latvian",
        "lebanon": "lebanese",
        "libya": "libyan",
        "lithuania": "lithuanian",
        "luxembourg": "luxembourgish",
        "madagascar": "malagasy",
        "malawi": "malawian",
        "malaysia": "malaysian",
        "malta": "maltese",
        "mexico": "mexican",
        "mongolia": "mongolian",
        "morocco": "moroccan",
        "mozambique": "mozambican",
        "myanmar": "burmese",
        "namibia": "namibian",
        "nepal": "nepalese nepali",
        "netherlands": "dutch",
        "nigeria": "nigerian",
        "norway": "norwegian",
        "oman": "omani",
        "pakistan": "pakistani",
        "panama": "panamanian",
        "paraguay": "paraguayan",
        "peru": "peruvian",
        "philippines": "philippine filipino filipina",
        "poland": "polish",
        "portugal": "portuguese",
        "qatar": "qatari",
        "romania": "romanian",
        "russia": "russian russians",
        "rwanda": "rwandan",
        "senegal": "senegalese",
        "serbia": "serbian",
        "singapore": "singaporean",
        "slovakia": "slovak",
        "slovenia": "slovenian slovene",
        "somalia": "somali",
        "spain": "spanish",
        "sudan": "sudanese",
        "sweden": "swedish",
        "switzerland": "swiss",
        "syria": "syrian",
        "taiwan": "taiwanese",
        "tanzania": "tanzanian",
        "thailand": "thai",
        "tunisia": "tunisian",
        "turkey": "turkish türkiye turkiye",
        "uganda": "ugandan",
        "ukraine": "ukrainian",
        "uruguay": "uruguayan",
        "uzbekistan": "uzbek",
        "venezuela": "venezuelan",
        "vietnam": "vietnamese",
        "yemen": "yemeni",
        "zambia": "zambian",
        "zimbabwe": "zimbabwean",
    }.items()
    for adjective in adjectives.split()
}

_WORD = re.compile(
    r"\d+\+\d+|two[- ]plus[- ]two|\d+(?:st|nd|rd|th)\b|\d[\d.,]*\d|(?:[A-Za-z]\.){2,}|\w+(?:['’]\w+)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Term:
    """One word at `text[start:end]`. `key` is its compared form; `named` says it looks like a name or a number."""

    key: str
    start: int
    end: int
    named: bool


@lru_cache(maxsize=100_000)
def term_key(word: str) -> str:
    """Return the form under which a word is compared: stemmed, ordinals as `#2`, adjectives as their country."""
    lowered = word.casefold().replace("’", "'")
    if lowered.replace("-", " ") == "two plus two":
        return "2+2"
    lowered = lowered.removesuffix("'s").rstrip(".")
    if lowered in ORDINALS:
        return ordinal_key(ORDINALS[lowered])
    if numbered := _NUMBERED.fullmatch(lowered):
        return ordinal_key(int(numbered[1]))
    lowered = DEMONYMS.get(lowered, lowered)
    if lowered[:1].isdigit():
        return lowered.replace(",", "")
    lowered = NUMBER_WORDS.get(lowered, lowered)
    return str(_stemmer.stemWord(lowered))


def ordinal_key(number: int) -> str:
    """Return the form under which an ordinal is compared: `#2` for second."""
    return f"#{number}"


def ordinal_of(key: str) -> int | None:
    """Return the number of a term's key where it is an ordinal's: 2 of `#2`."""
    return int(key[1:]) if key.startswith("#") else None


def ordinal_word(number: int) -> str:
    """Return an ordinal in words up to the twentieth, and then in figures: `second`, `21st`."""
    if number in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


COUNTRIES = frozenset(map(term_key, DEMONYMS.values()))
_SHORT = {"united states": "America", "united kingdom": "Britain"}
# Countries of two words, and what is none though a country's name is in it.
_WRITTEN_OUT = re.compile(
    r"\b(?:(?i:united states|united kingdom)|"
    r"(?i:ask(?:ed)?|tell|told|give|gave|show|let|help|remind|join|all|of|for|with|to|among|between|from|about) us|"
    r"Europe(?:an)?s?|EU|(?:South|North|Latin|Central) American?s?|Indian Ocean|(?:South|East) China Sea)\b"
)
MONTHS_AND_DAYS = frozenset(
    map(term_key, [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr])
)


def find_terms(text: str) -> list[Term]:
    """Return every word of `text`, in order; a capital or a digit marks a name, save at the start of the text."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        named = word[0].isdigit() or (word[0].isupper() and match.start() > 0) or word[1:2].isupper()
        found.append(Term(term_key(word), match.start(), match.end(), named))
    return found


def content_terms(text: str) -> list[Term]:
    """Return the words of `text` that carry meaning: no stop words, each key once, in order."""
    seen: dict[str, Term] = {}
    for term in find_terms(text):
        word = text[term.start : term.end].casefold().replace("’", "'")
        if word.removesuffix("'s") in STOP_WORDS and not (word == "us" and text[term.start : term.end] == "US"):
            continue
        seen.setdefault(term.key, term)
    return list(seen.values())


@lru_cache(maxsize=4_000)  # of the same articles for every candidate in them
def countries_of(text: str) -> frozenset[str]:
    """Return the compared forms of the countries that `text` names, themselves or by an adjective; Europe is none."""
    return keys(_WRITTEN_OUT.sub(lambda found: _SHORT.get(found.group().casefold(), " "), text)) & COUNTRIES


@lru_cache(maxsize=4_000)  # sentences and articles are asked for again within a question, and by the next one
def keys(text: str) -> frozenset[str]:
    """Return the compared forms of all words of `text`."""
    return frozenset(map(term_key, _WORD.findall(text)))
