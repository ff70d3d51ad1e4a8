"""Words by which news says that something was a plan, was put right, was another event's day, or is over."""

from __future__ import annotations

import re

from qa.offices import OFFICES
from qa.terms import ORDINALS

# "the first since 2018", "three years after 2015", "founded in 1958": these times are not when the event told was.
OTHER_EVENT = re.compile(
    r"\b(?:since|until|till|before|after|from|than|founded|born|built|opened|created|established|compared with)\s+"
    r"(?:about\s|the\s)?$",
    re.IGNORECASE,
)
SINCE = re.compile(
    r"\b(?:since|than)\s+(?:about\s|the\s)?$|\blast (?:played|held|won|met|seen|happened|took place|done|visited)\b"
    r"(?: [\w-]+){0,3} (?:in|on)\s+$",
    re.IGNORECASE,
)
# What stands right before a value that another has replaced: "to 12,400 from 9,800", "not 62,000 as reported".
ABOUT = r"(?:about |around |some |the |an? |nearly |almost |at |for |on |in )*$"
REPLACED_BEFORE = re.compile(
    r"\b(?:not|instead of|rather than|in place of|replac(?:es|ed|ing)|succeed(?:s|ed|ing)|previously|formerly|"
    r"earlier(?: put| given| reported| figure| estimate)?(?: of| at| as)?|"
    r"had (?:earlier |first |previously )?(?:said|reported|given|put|spoken of|counted|thought)|"
    r"wrongly (?:\w+ ){0,3}\w+|(?:given|put|reported) (?:out )?at (?:the|that) time (?:as|at)|"
    r"(?:our|its|their|an earlier|the earlier|a first) (?:report|story|article|version|statement)\b[^.;]{0,30} "
    r"(?:gave|said|put|spoke of)\b(?: [\w,]+){0,6}? ?(?:as|of|at)?|"
    r"first (?:said|reported|given|put|thought|announced|feared|counted|believed|estimated|planned|set|promised)"
    r"(?: to be| at| as| for)?|original(?:ly)?(?: \w+){0,2}(?: of| for| at)?|initial(?:ly)?(?: \w+){0,2}(?: of| at)?|"
    rf"up from|down from|compared with|against|had been)\s+{ABOUT}",
    re.IGNORECASE,
)
CHANGED_FROM = re.compile(
    r"\b(?:rais\w+|cut|cuts|cutting|lower\w*|widen\w*|revis\w+|rose|risen|rises?|fell|falls?|fallen|climb\w+|"
    r"increas\w+|"
    r"reduc\w+|grew|grown|drop\w*|slash\w+|correct\w+|chang\w+|mov(?:ed|ing|es)|postpon\w+|put (?:off|back)|delay\w+|"
    r"shift\w+|brought forward|extend\w+|t[oa]ok over|takes? over|taking over|hand\w* over|inherit\w*|to)\b"
    rf"[^.;]{{0,60}}\bfrom\s+{ABOUT}",
    re.IGNORECASE,
)
MOVED_FROM = re.compile(
    r"\b(?:mov(?:ed|ing|es)|postpon\w+|put (?:off|back)|delay\w+|shift\w+|brought forward|reschedul\w+|chang\w+)\b"
    rf"[^.;]{{0,60}}\bfrom\s+{ABOUT}",
    re.IGNORECASE,
)
REPLACED_AFTER = re.compile(
    r"^[^.;,]{0,30}\b(?:as (?:we |it |was |had been )?(?:first |earlier |originally |wrongly |previously )?"
    r"(?:reported|stated|planned|announced|said|thought|believed|given)|"
    r"(?:first|originally|previously|earlier) (?:reported|planned|announced|given|put|thought|feared)|"
    r"(?:given )?(?:at|until|before) (?:the|that) (?:time|then)(?! as\b)|(?:was|were|proved|is) (?:far |much )?"
    r"too (?:high|low)|(?:was|were|proved) wrong)\b",
    re.IGNORECASE,
)
# What follows the name of somebody who held an office and holds it no more.
ENDED_AFTER = re.compile(
    r"^(?:,[^,.;]{0,40}){0,2},?\s(?:will |would |has |had |is to |was to |who )?(?:resign(?:ed|s)?|step(?:s|ped)? down|"
    r"retir(?:e|es|ed)|quit|left|leaves?|died|was (?:dismissed|sacked|removed|voted out|ousted|replaced|fired)|"
    r"is (?:leaving|retiring|stepping down)|was stepping down|handed over|hands over|"
    r"did not stand again|stands? down)\b|^, [\w ]{1,25}['’]s predecessor\b",
    re.IGNORECASE,
)
ENDED_BEFORE = re.compile(
    r"\b(?:dismissed|sacked|fired|ousted|voted out|removed|predecessor|former|outgoing|departing)\s+(?:[\w-]+\s){0,3}$|"
    # "the third mayor of Orrel, after Hurd and"
    rf"\b(?:{'|'.join(ORDINALS)}) (?:[\w-]+ ){{0,2}}(?:{OFFICES})\b[^.;,]{{0,40}}, after "
    r"(?-i:(?:its [a-z]+, )?(?:then )?(?:[A-Z][\w’-]*(?:,? and |, then |, | ))*)$",
    re.IGNORECASE,
)
# What an article opens with: "ORREL, September 17 (CPA) - ".
DATELINE = re.compile(r"[A-Z][A-Z .'’-]+(?:, [^-–—\n]{0,25})?(?: \([^)\n]*\))? [-–—] ")
PLANNED = re.compile(
    r"\b(?:will|shall|due|planned?|plans|scheduled|expected|supposed|meant|intend\w*|is to|are to|was to|"
    r"were to|to be|"
    r"hopes?|hoped|aims?|promised|proposed|should|would(?! have)|set for|is set|next(?! to\b)|tomorrow|forthcoming|"
    r"upcoming)\b",
    re.IGNORECASE,
)
# What happened, in a clause of its own, and not what would have.
HAPPENED = re.compile(
    r"^(?!.*\b(?:would|could|should|might) have\b).*"
    r"\b(?:opened|closed|started|began|ended|finished|arrived|took place|met|held|came|went|left|flew|landed|sailed|"
    r"signed|resumed|returned|launched|appeared|happened)\b",
    re.IGNORECASE | re.DOTALL,
)
# What a correction says of itself.
CORRECTS = re.compile(
    r"\b(?:correct(?:ion|ed|ing|s)|an earlier (?:version|report|article)|revis(?:ed|ion|es|ing)|restat(?:ed|es)|"
    r"amended|recount(?:ed)?|miscount\w*|wrongly|in error|mistaken(?:ly)?|(?:will|is|are) now|now (?:says?|put|"
    r"puts|stands?|known|given)|"
    r"apologi[sz]ed?|regrets? the error|(?:rose|risen|raised|lowered|cut|climbed|fell) (?:to|from)|"
    r"final (?:count|figure|toll|report|results?)|turned out|contrary to|in fact|bringing the)\b",
    re.IGNORECASE,
)


# "The first since 2018", "the first woman to", "its first in-person round": no first one of all.
FIRST_OF_ANOTHER = re.compile(
    r"\bfirst\b(?= (?:since|in (?:\w+ ){1,2}(?:years|months|weeks|decades)|to be|of its kind since|for \w+ years|"
    r"(?:[\w'’-]+ ){0,8}since|wom[ae]n|person|time|to\b|m[ae]n|in[- ]person|face[- ]to[- ]face|online|virtual|"
    r"half|quarter|place|minister|"
    r"lady))",
    re.IGNORECASE,
)
FIRST = re.compile(r"\b(?:first|1st|inaugural|maiden|earliest|opening|began|begun|founded|created)\b", re.IGNORECASE)
# Anywhere in a sentence before a value that was given or planned at first.
AT_FIRST = re.compile(
    r"\b(?:at first|first (?:said|reported|put|thought|announced|feared|planned|set|promised|spoke)|initial(?:ly)?|"
    r"original(?:ly)?|provisional(?:ly)?|preliminary|had (?:earlier |first )?(?:spoken|been (?:due|planned|set|"
    r"scheduled|"
    r"expected|promised)|said|reported|thought|feared)|was to have|were to have|should have|was due|were due|"
    r"was meant|"
    r"interim|draft|first (?:estimate|count|version|plan|report))\b[^.;]{0,90}$",
    re.IGNORECASE,
)
# The same, before a day: a plan that another took the place of.
PLANNED_AT_FIRST = re.compile(
    r"\b(?:(?:at )?first (?:planned|set|announced|promised|due)|initial(?:ly)?|original(?:ly)?|was to have|"
    r"were to have|"
    r"had been (?:due|planned|set|scheduled|expected|promised)|should have|was due|were due|was meant)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# Before the name of somebody who comes into an office, and after it.
BEGAN_BEFORE = re.compile(
    r"\b(?:new|newly|appointed|appoints|named|names|elected|elects|chosen|picked|nominated|under|replaced by|"
    r"succeeded by|"
    r"followed by|handed over to|hands over to|acting)\s+(?:[\w-]+\s+){0,4}$",
    re.IGNORECASE,
)
BEGAN_AFTER = re.compile(
    r"^(?:,[^,.;]{0,50},)?,?\s(?:(?:will|would|has|had|is to|was|has been|who|is|have|were|the|her|his|which)\s){0,3}"
    r"(?:succeed(?:s|ed)?|replac(?:es|ed)|t[oa]kes? over|took over|took (?:office|charge)|takes (?:office|"
    r"charge)|becomes?|"
    r"(?:won|wins)\s(?:(?!(?:no-)?confidence\b|of\b)[\w’'-]+\s){0,3}(?:(?:by-)?election|vote(?!\sof\b)|ballot|run-?off|leadership)|"
    r"became|follow(?:s|ed)|appointed|named|elected|chosen|sworn in|new|start(?:s|ed) as|crowned|proclaimed)\b",
    re.IGNORECASE,
)
