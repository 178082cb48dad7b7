// The conversation: turns at the left, the sources of one of them at the right.

import { answerView, ended, saveEntries } from "./answer.js";
import { drawBanner } from "./banner.js";
import { copyText, selectionWithReferences } from "./clipboard.js";
import { el, redraw } from "../../parts/static/dom.js";
import { saveFile } from "../../parts/static/download.js";
import { evidencePanel } from "./evidence.js";
import { highlight, turnOf } from "./highlight.js";
import { icon } from "../../parts/static/icons.js";
import { listenForKeys } from "./keys.js";
import { menu } from "./menu.js";
import { fitHeight } from "./part_height.js";
import { addTooltip } from "./tooltip.js";
import { welcome } from "./welcome.js";

/** Pixels from the end of the transcript within which a reader counts as being there. */
const AT_END = 60;

/** Draws the part in `root`: see `assistant_ui.turn_view` for what `props.value` holds. */
export function mount(root, props, trigger, watch) {
  const conversation = new Conversation(root, trigger);
  conversation.update(props.value);
  watch("value", () => conversation.update(props.value));
  watch("file", () => props.file && saveFile(props.file));
}

class Conversation {
  constructor(root, trigger) {
    this.root = root;
    this.trigger = trigger;
    this.value = { chat: null, turns: [], examples: [], banner: null, restriction: null, n_papers: 0 };
    this.views = new Map();
    this.active = null;
    this.followedTo = 0;
    root.dataset.empty = "true";
    this.layOut();
    this.lights = highlight(root, this.evidence.element, (pinned) => this.announcePin(pinned));
    this.listen();
    addTooltip(root);
    fitHeight(root);
  }

  layOut() {
    this.evidence = evidencePanel(() => this.lights?.apply());
    this.banner = el("div", { class: "banner-slot" });
    this.bar = el("div", { class: "bar" });
    this.welcome = el("div", { class: "welcome-slot" });
    this.log = el("div", { class: "turns" });
    this.scroller = el(
      "div",
      { class: "transcript", tabindex: "0", role: "log", "aria-live": "polite", "aria-label": "Questions and answers" },
      this.welcome,
      this.log,
    );
    this.toEnd = el("button", { type: "button", class: "button to-end", hidden: true, onclick: () => this.scrollToEnd() }, icon("down"), "To the end");
    this.status = el("p", { class: "visually-hidden", role: "status" });
    this.columns = el(
      "div",
      { class: "columns" },
      el("section", { class: "talk", "aria-label": "Conversation" }, this.bar, this.scroller, this.toEnd),
      this.evidence.element,
    );
    this.root.append(this.banner, this.columns, this.evidence.sheet, this.status);
  }

  listen() {
    const { log, scroller } = this;
    log.addEventListener("click", (event) => this.click(event));
    log.addEventListener("keydown", (event) => this.press(event));
    log.addEventListener("pointerover", (event) => this.light(event.pointerType === "mouse" && event.target));
    log.addEventListener("pointerleave", () => this.light(null));
    log.addEventListener("focusin", (event) => this.light(event.target));
    log.addEventListener("focusout", () => this.light(null));
    log.addEventListener("copy", (event) => this.copySelection(event));
    scroller.addEventListener("scroll", () => this.showToEnd(), { passive: true });
    listenForKeys(this.root, () => this.escape());
  }

  update(value) {
    const before = this.value;
    // Events that run at once may be told out of order.
    if (!value || value.revision < before.revision) return;
    const sameChat = before.chat === value.chat;
    const wasAtEnd = this.atEnd();
    const followed = Math.abs(this.scroller.scrollTop - this.followedTo) < 2;
    if (!sameChat) this.clear();
    this.value = value;
    const added = value.turns.some((turn) => !this.views.has(turn.id));
    const busy = value.turns.some((turn) => !ended(turn));
    this.root.dataset.empty = String(!value.turns.length);
    drawBanner(this.banner, value.banner, value.turns.length > 0 || innerWidth < 600);
    this.drawBar(value);
    redraw(this.welcome, value.turns.length ? null : [value.n_papers, value.examples], () =>
      value.turns.length ? null : welcome(value.n_papers, value.examples, (text) => this.ask(text)),
    );
    this.scroller.setAttribute("aria-busy", String(busy));
    this.drawTurns(value);
    for (const button of this.root.querySelectorAll(".needs-idle")) button.disabled = busy;
    const newest = value.turns.at(-1)?.id ?? null;
    if (added || !value.turns.some((turn) => turn.id === this.active)) this.setActive(newest);
    else this.drawEvidence();
    if (added || !sameChat || followed) this.follow();
    else if (wasAtEnd) this.scrollToEnd();
    this.showToEnd();
    this.announceProgress(before, value);
  }

  clear() {
    this.lights.unpin();
    this.views.clear();
    this.log.replaceChildren();
    this.active = null;
  }

  drawBar({ restriction, turns }) {
    const what = [restriction, turns.length > 0];
    this.bar.hidden = !restriction && !turns.length;
    redraw(this.bar, what, () => [
      restriction && restrictionChip(restriction, () => this.trigger("clear", {})),
      turns.length ? el("div", { class: "save-chat" }, menu("save-chat", "Save this chat", "save", saveEntries(this.trigger, null))) : null,
    ]);
  }

  drawTurns({ turns, n_papers: papers }) {
    const ids = new Set(turns.map((turn) => turn.id));
    for (const [id, view] of this.views) {
      if (ids.has(id)) continue;
      view.element.remove();
      this.views.delete(id);
      if (this.lights.pinned()?.turn === id) this.lights.unpin();
    }
    turns.forEach((turn, index) => {
      if (!this.views.has(turn.id)) this.addTurn(turn.id);
      const view = this.views.get(turn.id);
      view.update(turn, papers);
      // A turn that was stopped comes under a name of its own, and may be drawn after a later one.
      if (this.log.children[index] !== view.element) this.log.insertBefore(view.element, this.log.children[index]);
    });
  }

  addTurn(id) {
    const view = answerView(id, {
      trigger: this.trigger,
      ask: (text) => this.ask(text),
      copy: (turn, format) => this.copy(turn, format),
      later: () => this.value.turns.length - 1 - this.value.turns.findIndex((turn) => turn.id === id),
      openSources: () => {
        this.choose(id);
        this.evidence.open();
      },
    });
    this.views.set(id, view);
    this.log.append(view.element);
  }

  setActive(id) {
    this.active = id;
    this.root.dataset.activeTurn = id ?? "";
    for (const [other, view] of this.views) view.element.classList.toggle("active", other === id);
    this.drawEvidence();
  }

  /** Makes a turn active because the reader asked for it. */
  choose(id) {
    if (id === this.active) return;
    this.setActive(id);
    this.announce(`Sources of: ${this.value.turns.find((turn) => turn.id === id)?.question}`);
    this.trigger("select", { turn: id });
  }

  drawEvidence() {
    this.evidence.update(this.value.turns.find((turn) => turn.id === this.active) ?? null);
  }

  click(event) {
    const { target } = event;
    const turn = target.closest(".turn");
    if (!turn || (document.getSelection()?.toString() && !target.closest("a, button"))) return;
    this.choose(turn.dataset.turn);
    const link = target.closest(".cite");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.lights.hold(sentenceOf(link));
      this.evidence.show(link.dataset.paper, link.closest(".sentence").dataset.index, link);
    } else if (target.matches(".claim")) {
      this.toggle(target);
    }
  }

  press(event) {
    const { key, target } = event;
    if (!target.matches?.(".claim")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) {
      const claims = [...this.log.querySelectorAll(".claim")];
      claims[claims.indexOf(target) + step]?.focus();
    } else if (key === "Enter" || key === " ") {
      this.toggle(target);
    } else {
      return;
    }
    event.preventDefault();
  }

  toggle(claim) {
    const one = sentenceOf(claim);
    this.choose(one.turn);
    this.lights.toggle(one);
    if (this.lights.pinned()) this.evidence.bring(one.index);
  }

  light(target) {
    const sentence = target ? target.closest(".sentence") : null;
    this.lights.light(sentence && sentenceOf(sentence));
  }

  escape() {
    if (this.evidence.back()) return;
    if (this.lights.pinned()) return this.lights.unpin();
    if (this.value.turns.some((turn) => !ended(turn))) document.querySelector("button#stop, #stop button")?.click();
  }

  ask(text) {
    this.trigger("example_select", { text });
  }

  async copy(turn, format) {
    try {
      if (format === "markdown") await copyText(turn.markdown);
      else await copyText(turn.plain || turn.markdown, turn.markdown);
      this.announce("Copied", turn.id);
    } catch {
      this.announce("The browser did not allow copying; select the text instead", turn.id);
    }
  }

  copySelection(event) {
    const article = event.target.closest?.(".turn") ?? document.getSelection()?.anchorNode?.parentElement?.closest(".turn");
    const turn = article && this.value.turns.find(({ id }) => id === article.dataset.turn);
    if (!turn || !ended(turn)) return;
    const text = selectionWithReferences(article, turn.sources);
    if (text === null) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Goes to the end, but not so far that the newest question leaves: an answer is read from its top. */
  follow() {
    const newest = this.log.lastElementChild;
    const { scroller } = this;
    const top = newest ? newest.getBoundingClientRect().top - scroller.getBoundingClientRect().top : 0;
    scroller.scrollTop += newest ? Math.min(top, scroller.scrollHeight) : -scroller.scrollTop;
    this.followedTo = scroller.scrollTop;
  }

  showToEnd() {
    this.toEnd.hidden = this.atEnd() || !this.value.turns.length;
  }

  announce(text, turnId = null) {
    this.status.textContent = text;
    if (!turnId) return;
    const note = el("span", { class: "done-note", "aria-hidden": "true" }, text);
    this.views.get(turnId)?.element.querySelector(".turn-actions")?.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  announcePin(pinned) {
    this.status.textContent = pinned
      ? "Pinned: the quotes of this sentence stay marked. Escape lets go."
      : "";
  }

  announceProgress(before, value) {
    const [was, is] = [before.turns.at(-1), value.turns.at(-1)];
    if (!is || before.chat !== value.chat || (was?.id === is.id && was.state === is.state)) return;
    const words = { searching: "Searching", writing: "Writing", stopped: "Stopped", failed: "No answer" };
    this.status.textContent = is.state === "done" ? summary(is) : (words[is.state] ?? "");
  }
}

function sentenceOf(element) {
  const sentence = element.closest(".sentence");
  return { turn: turnOf(sentence), index: Number(sentence.dataset.index) };
}

function summary(turn) {
  if (turn.abstention) return turn.abstention.title;
  if (turn.statement) return turn.statement.split("\n")[0];
  const bad = turn.sentences.filter(({ verdict }) => ["unsupported", "suspect"].includes(verdict)).length;
  const count = turn.sentences.length === 1 ? "one sentence" : `${turn.sentences.length} sentences`;
  return `Answer of ${count}${bad ? `, ${bad} of them unsupported` : ""}`;
}

function restrictionChip({ n, titles }, lift) {
  return el(
    "div",
    { class: "restriction" },
    icon("pin"),
    el("span", { tabindex: "0", "data-tip": titles.join(" · ") }, n === 1 ? "Only one chosen paper" : `Only ${n} chosen papers`),
    el("button", { type: "button", class: "quiet", onclick: lift }, icon("close"), "Ask all papers"),
  );
}
