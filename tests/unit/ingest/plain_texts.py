"""Texts as people have them: lists of papers in many layouts, and texts that are none."""

# ruff: noqa: E501  (lines of a text are kept whole)

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """A title, its authors, a short abstract and a long one."""

    title: str
    authors: str
    short: str
    long: str


LICHEN = Sample(
    "Lichens on north walls",
    "Ida Holm, Per Lund",
    "Lichens grow slowly on brick. We weighed 40 colonies and found that shade doubles their mass.",
    "Lichens colonise brick walls within decades, yet their growth is poorly known. We weighed 40 "
    "colonies on 12 walls over six years. Their mass rose by 4% a year on north walls and by 2% on "
    "south walls (p < 0.01). Shade and moisture explain most of the variance, and acid rain does "
    "not. These results suggest that old walls are worth keeping as habitats.",
)
BIRDS = Sample(
    "How do swifts find their nests?",
    "R. Ames, A. Poe and C. Lee",
    "Swifts return to one hole for life. Covering landmarks delayed them by nine minutes.",
    "Common swifts return to the same nest hole for many years, and how they find it is unclear. "
    "In this study we covered landmarks around 31 nests and tracked the birds by radar. Returning "
    "birds were delayed by nine minutes on average when the roof line was hidden. Hiding the hole "
    "itself had no effect. Swifts therefore appear to steer by the outline of roofs.",
)
PROOF = Sample(
    "Sparse cuts in planar graphs",
    "Yuki Tanaka",
    "We give a linear-time algorithm for sparse cuts in planar graphs. It improves on all known bounds.",
    "We study the problem of finding a sparsest cut in a planar graph. Previous algorithms need "
    "time quadratic in the number of edges. We present an algorithm that runs in linear time and "
    "prove that its approximation ratio is at most 2. The proof rests on a new structure theorem "
    "for separators. Experiments on road networks show that the bound is rarely met.",
)
NOVEL = Sample(
    "Letters and reading in the colonial novel",
    "Grace Obi; Tom Reed",
    "This article reads letters in colonial novels as scenes of instruction. It argues that they teach "
    "distrust.",
    "Letters abound in the colonial novel, where critics have read them as signs of distance. This "
    "article argues that they are scenes of instruction, in which readers learn whom to distrust. "
    "Drawing on forty novels published between 1880 and 1930, it shows that letters are opened by "
    "servants more often than by their addressees. The argument bears on theories of the public "
    "sphere and on the history of reading.",
)
CLINIC = Sample(
    "Telephone follow-up after hip surgery: a randomised trial.",
    "Mary O'Neill, Li Wei",
    "Background: Falls follow surgery. Methods: 120 patients were called weekly. Results: Falls fell "
    "by a third.",
    "Background: Falls are common after hip surgery. Methods: We randomised 120 patients to weekly "
    "telephone calls or to usual care for three months. Results: There were 11 falls among those "
    "who were called and 17 among the others (risk ratio 0.65, 95% CI 0.33 to 1.27). Conclusions: "
    "Calls may reduce falls, and a larger trial is needed.",
)
SAMPLES = [LICHEN, BIRDS, PROOF, NOVEL, CLINIC]
TITLES = [sample.title for sample in SAMPLES]


def wrap(text: str, width: int = 64) -> str:
    """Returns ``text`` broken over lines."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def lay(form: str, *, of: list[Sample] = SAMPLES, between: str = "\n") -> str:
    """Returns the samples, each as ``form`` has it; {n} is its number, {w} its wrapped text."""
    return between.join(
        form.format(
            n=number, t=one.title, a=one.authors, s=one.short, l=one.long, w=wrap(one.long),
            T=one.title.title(), W=wrap(one.title, 24), i="\n".join(
                f"    {line}" for line in wrap(one.long).split("\n")
            ),
        )
        for number, one in enumerate(of, 1)
    )  # fmt: skip


FEEDS = {
    "long abstracts": lay("{t}\n{l}"),
    "short abstracts": lay("{t}\n{s}"),
    "title case": lay("{T}\n{l}"),
    "one paper": lay("{t}\n{l}", of=[LICHEN]),
    "one short paper": lay("{t}\n{s}", of=[PROOF]),
    "blank lines between pairs": lay("{t}\n{l}", between="\n\n"),
    "blank lines between all": lay("{t}\n\n{s}", between="\n\n\n"),
    "numbered titles": lay("{n}. {t}\n{l}"),
    "numbers in brackets": lay("[{n}] {t}\n{l}", between="\n\n"),
    "bulleted titles": lay("- {t}\n{l}"),
    "titles as headings": lay("## {t}\n\n{l}", between="\n\n"),
    "bold titles": lay("**{t}**\n{l}"),
    "titles with full stops": lay("{t}.\n{l}"),
    "labels": lay("Title: {t}\nAbstract: {l}", between="\n\n"),
    "labels and authors": lay("Title: {t}\nAuthors: {a}\nAbstract: {l}", between="\n\n"),
    "authors between": lay("{t}\n{a}\n{l}"),
    "authors between, short": lay("{t}\n{a}\n{s}", between="\n\n"),
    "authors by": lay("{t}\nBy {a}\n{l}"),
    "links after titles": lay("{t}\nhttps://example.org/papers/{n}\n{l}"),
    "links after abstracts": lay("{t}\n{l}\ndoi: 10.1000/x.{n}", between="\n\n"),
    "rules between": lay("{t}\n{l}", between="\n----------\n"),
    "a newsletter": "The Wall Weekly\nGet the best papers in your inbox!\n"
    + lay("{t}\n{l}")
    + "\nUnsubscribe\nWall Weekly Ltd",
    "a lost abstract": lay("{t}\n{l}") + "\nA title alone\n" + lay("{t}\n{s}", of=[PROOF]),
    "wrapped": lay("{t}\n\n{w}", between="\n\n"),
    "wrapped titles too": lay("{W}\n\n{w}", between="\n\n\n"),
    "wrapped blocks": lay("{t}\n{w}", between="\n\n"),
    "wrapped blocks with authors": lay("{t}\n{a}\n{w}", between="\n\n"),
    "wrapped with authors": lay("{t}\n\n{a}\n\n{w}", between="\n\n"),
    "wrapped and indented": lay("{t}\n\n{i}", between="\n\n"),
    "German": "Flechten an Nordwänden\nFlechten wachsen langsam auf Ziegeln. Wir wogen vierzig Kolonien "
    "über sechs Jahre und fanden, dass ihre Masse an Nordwänden doppelt so schnell zunimmt wie an "
    "Südwänden. Schatten und Feuchte erklären den größten Teil der Unterschiede, saurer Regen "
    "dagegen nicht, weshalb alte Mauern als Lebensräume erhalten werden sollten.",
    "Chinese": "北墙上的地衣\n" + "我们研究了砖墙上地衣的生长。" * 8 + "\n雨燕如何找到巢穴\n" + "雨燕多年返回同一个巢穴。" * 9,
}  # fmt: skip

N_PAPERS = {"one paper": 1, "one short paper": 1, "a lost abstract": 6, "German": 1, "Chinese": 2}
"""Papers in each feed where they are not as many as samples."""

_STORY = (
    "The rain had stopped when Clara reached the gate. She looked back at the house, and her hand "
    "was cold on the iron. Nobody had seen her go, she told herself. The dog knew; the dog always "
    "knew. It sat by the door and watched her with its old eyes until she was gone."
)
_MANUAL = (
    "Before you install the pump, read these pages. Turn off the water and wait for ten minutes. If "
    "you hear a sound, check the valve and call your dealer. You will find the number on the back "
    "of the box. Do not open the lid while the pump is running, for you may lose your warranty."
)
_NEWS = (
    "The mayor said on Monday that the bridge would stay closed until spring. Shop owners told the "
    "council that they had lost half of their trade. A spokesman said that the police would let "
    "buses pass from next week. The minister is to visit the town tomorrow."
)
_COURSE = (
    "In this course you will learn to read maps. There are two lectures a week and an assignment "
    "every Friday. The instructor expects you to have passed the prerequisites. Three credits are "
    "given for the course, and the syllabus will be handed out in the first lecture."
)

OTHERS = {
    "IEEE references": (
        '[1] I. Holm, "Lichens on walls," Wall J., vol. 3, no. 2, pp. 1-9, 2011.\n'
        '[2] A. Poe and C. Lee, "Swifts and roofs," in Proc. Bird Days, 2012, pp. 11-19.\n'
        '[3] Y. Tanaka, "Sparse cuts," Graph Lett., vol. 8, pp. 2-3, 2013.\n'
        '[4] G. Obi, "Letters," Novel Notes, vol. 2, p. 11, 2014.\n',
        "references",
    ),
    "APA references": (
        "Holm, I., & Lund, P. (2011). Lichens on north walls. Wall Journal, 3(2), 1-9.\n"
        "Ames, R. (2012). How swifts find their nests. Bird Studies, 14, 11-19. "
        "https://doi.org/10.1000/b.1\n"
        "Tanaka, Y. (2013). Sparse cuts in planar graphs. Graph Letters, 8(1), 2-3.\n",
        "references",
    ),
    "Vancouver references": (
        "1. Holm I, Lund P. Lichens on north walls. Wall J. 2011;3(2):1-9.\n"
        "2. Ames R, Poe A, Lee C. How do swifts find their nests? Bird Stud. 2012;14:11-9.\n"
        "3. O'Neill M. Telephone calls. A trial. J Hips. 2013;8:2-3. doi:10.1000/h.3\n",
        "references",
    ),
    "wrapped references": (
        "Holm, I., & Lund, P. (2011). Lichens on north walls of old towns and\n"
        "    what they say of the rain. Wall Journal, 3(2), 1-9.\n\n"
        "Ames, R. (2012). How swifts find their nests. Bird Studies, 14,\n"
        "    pp. 11-19. https://doi.org/10.1000/b.1\n\n"
        "Tanaka, Y. (2013). Sparse cuts in planar graphs. Graph Letters,\n"
        "    8(1), 2-3.\n",
        "references",
    ),
    "references with notes": (
        f"Holm, I. (2011). Lichens on north walls. Wall Journal, 3(2), 1-9.\n{LICHEN.long}\n"
        f"Ames, R. (2012). How swifts find nests. Bird Studies, 14, 11-19.\n{BIRDS.long}\n"
        f"Tanaka, Y. (2013). Sparse cuts. Graph Letters, 8(1), 2-3.\n{PROOF.long}\n",
        "references",
    ),
    "PubMed's summary": (
        "1: Holm I, Lund P. Lichens on walls. Wall J. 2011 Jan;3(2):1-9. doi: 10.1000/w.1. PMID: "
        "21000001.\n\n2: Ames R. Swifts and roofs. Bird Stud. 2012;14:11-9. PMID: 21000002.\n",
        "references",
    ),
    "minutes": (
        "Minutes of the garden club\nPresent: Ann, Bo, Cy\nApologies: Di\n"
        "1. Budget\nAnn reported that the budget is spent. Bo will ask the council for more.\n"
        "2. Summer fair\nThe fair was agreed for June. Cy will order the tents and report back.\n"
        "3. Any other business\nThe next meeting is on 3 May. The meeting was adjourned at nine.\n",
        "minutes",
    ),
    "an agenda": (
        "Agenda\nWelcome\n1. Apologies\n2. Matters arising\n3. Report of the treasurer. Vote.\n"
        "4. Any other business\nNext meeting\n",
        "minutes or an agenda",
    ),
    "an e-mail": (
        "From: Ida Holm <ida@example.org>\nTo: Per Lund\nSubject: Our paper\nDate: Mon, 4 May 2020\n\n"
        "Dear Per,\n\nThe reviewers want more data. I will weigh the colonies again tomorrow.\n"
        "Please send me your figures.\n\nBest regards\nIda\n",
        "e-mail",
    ),
    "a novel": ("Chapter One\n" + _STORY + "\nChapter Two\n" + _STORY + "\nChapter Three\n" + _STORY, ""),
    "a wrapped novel": (f"I\n\n{wrap(_STORY)}\n\nII\n\n{wrap(_STORY)}\n\n{wrap(_STORY)}\n", ""),
    "dialogue": ("“Where are you?” she said.\n“Here.” He smiled. He did not move.\n" * 9, ""),
    "a README": (
        "# Pump\n\nControls a pump. You can run it from the shell.\n\n## Install\n\n```\npip install "
        "pump\n```\n\n## Use\n\n- start the pump\n- stop the pump\n\nSee the docs for more. Click here.\n",
        "Markdown",
    ),
    "code": (
        "import os\n\ndef main():\n    x = 1\n    if x:\n        return os.getcwd()\n\nfor i in range(3):\n"
        "    print(i)  # Prints it. Then goes on.\n",
        "code",
    ),
    "C": ("int main(void) {\n  puts(\"Hello. World.\");\n  return 0;\n}\n", "code"),
    "a list in Markdown": (
        "# To read\n- Lichens on walls\n- Swifts and roofs\n* Sparse cuts. Maybe later.\n", "Markdown"
    ),
    "a chat": (
        "[12:01] Ida: did you weigh them?\n[12:02] Per: Yes. All forty.\n[12:02] Ida: thanks\n", "chat"
    ),
    "a transcript": (
        "INTERVIEWER: Where did you grow up?\nHOLM: In a small town. We had walls everywhere.\n"
        "INTERVIEWER: And then?\nHOLM: Then I left. I never went back.\n",
        "transcript",
    ),
    "a curriculum vitae": (
        "Ida Holm\nEducation\nPhD in Botany, University of Vell. 2011.\nExperience\nResearcher at the "
        "Wall Institute. Led a team of four.\nPublications\nLichens on north walls. Wall J.\n"
        "Skills\nWeighing. Climbing.\n",
        "curriculum vitae",
    ),
    "titles only": ("\n".join(TITLES), "titles without abstracts"),
    "a manual": (f"Installing\n{_MANUAL}\nRunning\n{_MANUAL}\nTrouble\n{_MANUAL}\n", ""),
    "news": (f"Bridge stays closed\n{_NEWS}\nShops lose trade\n{_NEWS}\n", ""),
    "a course catalogue": (f"GEO101 Maps\n{_COURSE}\nGEO102 More Maps\n{_COURSE}\n", ""),
    "abstracts only": ("\n".join(sample.long for sample in SAMPLES), ""),
    "a diary": ("It rained. We stayed at home and read the papers.\n" * 9, ""),
    "a poem": ("The wall is old\nThe lichen grows\nAnd no one told\nThe wind that blows\n" * 4, ""),
    "a shopping list": ("Milk\nBread. Two loaves.\nButter\nTea\n", ""),
    "a log": (
        "2021-03-04 10:00:01 INFO started\n2021-03-04 10:00:02 ERROR pump failed. Retrying. Wait.\n" * 4,
        "chat|log",
    ),
    "a licence": (
        "THE PUMP LICENSE\n\nPermission is hereby granted to any person who obtains a copy of this "
        "software. You may use it. The copyright notice must stay.\n\nWARRANTY\n\nThere is none. You "
        "run this software at your own risk, and the terms of the license apply to you and yours.\n",
        "",
    ),
}  # fmt: skip
"""Each with a pattern that the reason of its refusal must match."""
