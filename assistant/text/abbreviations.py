"""Words that tell a full stop of an abbreviation from the end of a sentence.

All are lower-cased and without their last stop. Chosen by hand from English, German, French and
Spanish scholarly prose; ``evals/lab/sentences.py`` measures what they are worth.
"""

from __future__ import annotations


def _split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_FINAL = _split_words(
    # titles before a name
    "dr drs mr mrs ms mx messrs prof st mt gen col capt lt sgt rev hon gov sen rep"
    " sr sra srta fr mme mlle dña don"
    # introducing what follows
    " vs v.s e.g eg i.e ie cf c.f viz w.r.t a.k.a b/c aka esp incl excl approx ca circa"
    " vgl bzw z.b d.h u.a s.o p.ex ej"
)
"""A stop after one of these never ends a sentence."""

LABELLED = _split_words(
    "fig figs figure eq eqs eqn eqns sec secs sect ref refs ch chap tab tabs thm lem prop cor def"
    " ex app appx alg algs pt"
)
"""Before a number, formula or letter label these are abbreviations; elsewhere most are words."""

COUNTED = _split_words(
    "no nos nr núm vol vols p pp para v n jan feb mar apr jun jul aug sept sep oct nov dec"
)
"""Before a number these are abbreviations; elsewhere some are words."""

SELDOM_FINAL = _split_words(
    "al resp max min avg std dev temp est wrt inc ltd corp co bros llc gmbh jr ed eds edn trans"
    " univ dept inst assoc natl int intl proc conf symp soc acad sci med biol chem phys math"
    " eng lett sp spp subsp var cv str ave blvd equiv orig"
    " fig figs eq eqs eqn eqns sec secs sect refs chap thm lem appx alg algs vol vols pp nos nr"
    " usw evtl ggf inkl sog etw i.d"
)
"""A stop after one of these ends a sentence only where a word that opens sentences follows."""

STARTERS = _split_words(
    "a abstract additionally after afterwards all also although among an and another any as"
    " at background based because before besides beyond both but by compared conclusion"
    " conclusions consequently conversely crucially current currently despite due during each"
    " either empirical empirically even every evaluated evaluating evaluations existing"
    " experimental experiments extensive finally findings first firstly following for from"
    " further furthermore given hence here how however if importantly in indeed inspired"
    " instead interestingly it its last lastly later many meanwhile methods more moreover most"
    " motivated my namely neither nevertheless next no nonetheless not notably now objective"
    " of on once one only or other others our overall particularly previous prior rather"
    " recent recently remarkably respectively results second secondly several she he similarly"
    " since so some specifically still subsequently such surprisingly that the their then"
    " there thereby therefore these they third this those though through throughout thus to"
    " together traditionally two three typically ultimately under unfortunately unlike until"
    " upon us using various we what when where whereas whether which while who why with within"
    " without yet you your i"
    " der die das ein eine wir es dies diese dieser hierbei dabei"
    " le la les un une nous il elle ce cette el los las una nosotros este esta"
)
"""Words that open sentences and are neither names nor terms."""

NAMES_WITH_MARK = _split_words("yahoo jeopardy kahoot joomla")
"""Names written with an exclamation mark."""

BEFORE_INITIAL = _split_words(
    "and by of from with to for like as see than against per de la le du van von der den di"
)
"""Lower-case words after which a single capital with a stop is a person's initial."""

GERMAN_MONTHS = _split_words(
    "januar februar märz april mai juni juli august september oktober november dezember jahrhundert"
)
"""What follows a German ordinal, as in '3. Oktober'."""

SECTION_LABELS = (
    "ABSTRACT|AIMS?|BACKGROUND|CONCLUSIONS?|CONTEXT|DESIGN|DISCUSSION|FINDINGS|IMPORTANCE"
    "|INTERPRETATION|INTRODUCTION|LIMITATIONS?|MAIN OUTCOME MEASURES?|MATERIALS? AND METHODS"
    "|METHODS?|MOTIVATION|OBJECTIVES?|OUTCOMES?|PARTICIPANTS|PATIENTS|PURPOSE|RATIONALE|RESULTS?"
    "|SETTING|SIGNIFICANCE"
)
"""The section labels of structured abstracts, as a pattern. Source: MEDLINE."""
