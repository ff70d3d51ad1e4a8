"""How much of a file is read before it is refused. Each limit is far above any newspaper and far below harm."""

from __future__ import annotations

# War and Peace has 3.2 million characters; a day's whole newspaper has 0.5 million.
MAX_ARTICLE_CHARACTERS = 2_000_000
# The longest article with every character written as a JSON escape of six bytes, and room for the other fields.
MAX_LINE_BYTES = 16_000_000
# A text or Markdown file is one article; four bytes is the longest character of UTF-8.
MAX_TEXT_BYTES = 8_000_000
# Saved news pages have 0.1 to 3 MB, most of it scripts.
MAX_HTML_BYTES = 10_000_000
# Extraction takes time with the square of the elements on one level: 5,000 take 1 s, 20,000 take 40 s.
MAX_HTML_TAGS = 20_000
# The parser takes time with the square of a tag's attributes; 6,000 fit into this and take half a second.
MAX_TAG_CHARACTERS = 65_536
# A feed is parsed whole, in about ten times its size.
MAX_FEED_BYTES = 32_000_000
# Pictures make documents large; their text is bounded by the article's limit.
MAX_DOCUMENT_BYTES = 200_000_000
# What a .docx may unpack to: its text is one XML part of some ten times the characters.
MAX_UNPACKED_BYTES = 400_000_000
MAX_XML_PART_BYTES = 40_000_000
# Gzip packs news three to five times, and a bomb a thousand times; small files are given some room.
MAX_EXPANSION = 200
FREE_EXPANSION_BYTES = 64_000_000
# Front matter is a few lines.
MAX_FRONT_MATTER_CHARACTERS = 64_000
# Past this many bad entries, a file is not what its name says.
MAX_BAD_ENTRIES = 1_000

MAX_ID_CHARACTERS = 200
MAX_TITLE_CHARACTERS = 300
MADE_TITLE_CHARACTERS = 90
# Zones reach 14 hours ahead of UTC, and papers of tomorrow are out tonight.
MAX_DAYS_AHEAD = 2
