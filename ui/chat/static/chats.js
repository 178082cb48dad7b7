// The saved chats: one is current; another can be opened, a new one begun, one removed.

import { askFirst } from "../../parts/static/confirmation.js";
import { el, redraw } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

/** Draws the part in `root`; `props.value` is `{chats: [{id, title, when}], current}`. */
export function mount(root, props, trigger, watch) {
  const count = el("summary", {});
  const list = el("ul", { class: "chat-list" });
  const fresh = el(
    "button",
    { type: "button", class: "button new-chat", onclick: () => trigger("clear", {}) },
    icon("plus"),
    "New chat",
  );
  const fold = el("details", { class: "chat-fold" }, count, list);
  root.append(el("nav", { "aria-label": "Chats" }, fresh, fold));

  const narrow = matchMedia("(max-width: 767px)");
  const unfold = () => (fold.open = !narrow.matches);
  narrow.addEventListener("change", unfold);
  unfold();

  const draw = () => {
    const { chats = [], current = null } = props.value ?? {};
    redraw(count, chats.length, () => `Chats (${chats.length})`);
    redraw(list, [chats, current], () => {
      if (!chats.length) return el("li", { class: "no-chats" }, "Chats are kept here.");
      return chats.map((chat) => row(chat, chat.id === current, trigger));
    });
  };
  draw();
  watch("value", draw);
}

function row(chat, isCurrent, trigger) {
  const confirm = el("div");
  const open = el(
    "button",
    {
      type: "button",
      class: "chat-open",
      title: chat.title,
      "aria-current": isCurrent && "true",
      onclick: () => trigger("select", { chat: chat.id }),
    },
    el("span", { class: "chat-title" }, chat.title),
    el("span", { class: "chat-when" }, chat.when),
  );
  const remove = el(
    "button",
    {
      type: "button",
      class: "quiet chat-remove",
      "aria-label": `Delete the chat ${chat.title}`,
      title: "Delete this chat",
      onclick: () => askFirst(confirm, "Delete this chat for good?", "Delete", () => trigger("delete", { chat: chat.id })),
    },
    icon("remove"),
  );
  return el("li", { class: isCurrent && "current" }, open, remove, confirm);
}
