// The head of the page: what it is, over which library, and whether it is light or dark.

import { el, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { chooseTheme, themeChoice, THEMES } from "./theme_choice.js";

/** Draws the part in `root`; `props.value` is `{library, n_papers}`. */
export function mount(root, props, trigger, watch) {
  const library = el("p", { class: "masthead-library" });
  const theme = el("button", { type: "button", class: "quiet", onclick: () => turn() });
  const turn = () => {
    chooseTheme(THEMES[(THEMES.indexOf(themeChoice()) + 1) % THEMES.length]);
    drawTheme();
  };
  const drawTheme = () => {
    const choice = themeChoice();
    redraw(theme, choice, () => [icon(choice), el("span", {}, el("span", { class: "theme-word" }, "Theme: "), choice)]);
  };
  root.append(
    el("a", { class: "skip-link", href: "#question", onclick: toQuestion }, "Skip to the question"),
    el("header", { class: "masthead" }, el("h1", {}, "abstract-assistant"), library, theme),
  );
  const draw = () => {
    const { library: name, n_papers: papers } = props.value;
    const count = papers === 1 ? "one paper" : `${papers.toLocaleString("en")} papers`;
    redraw(library, [name, papers], () => [el("span", { class: "masthead-name" }, name), ` ${count}`]);
  };
  draw();
  drawTheme();
  watch("value", draw);
}

function toQuestion(event) {
  const field = document.querySelector("#question textarea");
  if (!field?.offsetParent) return;
  event.preventDefault();
  field.focus();
}
