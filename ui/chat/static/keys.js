// Keys that work anywhere on the page while the conversation is shown.

const TYPING = "input, textarea, select, [contenteditable='true']";

/** Listens for "/" (go to the question) and Escape (`escape` is called) while `part` is shown. */
export function listenForKeys(part, escape) {
  const press = (event) => {
    if (!part.isConnected) return document.removeEventListener("keydown", press);
    if (!part.offsetParent || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.matches?.(TYPING)) {
      const field = document.querySelector("#question textarea, textarea#question");
      if (!field) return;
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && !document.querySelector("dialog[open], [popover=auto]:popover-open")) {
      escape();
    }
  };
  document.addEventListener("keydown", press);
}
