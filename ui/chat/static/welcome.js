// What an empty chat shows: what can be asked here, with examples.

import { questionList } from "./answer.js";
import { el } from "../../parts/static/dom.js";

/** Returns the element; `ask(text)` is called with the example that is chosen. */
export function welcome(papers, examples, ask) {
  const library = papers === 1 ? "one paper" : `${papers.toLocaleString("en")} papers`;
  return el(
    "section",
    { class: "welcome" },
    el("h2", {}, `Ask about ${library}`),
    el(
      "p",
      {},
      "Answers come from the abstracts alone: each sentence names the papers it rests on, and a number opens the words that it quotes.",
    ),
    examples.length ? el("h3", {}, "For example") : null,
    examples.length ? questionList(examples, ask) : null,
  );
}
