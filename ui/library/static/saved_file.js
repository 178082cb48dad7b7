// A file that the server made is saved by the browser.

import { saveFile } from "../../parts/static/download.js";

/** Saves each new value `{name, mime, text}`, then raises `clear` so that the server forgets it. */
export function mount(root, props, trigger, watch) {
  watch("value", () => {
    if (!props.value) return;
    saveFile(props.value);
    trigger("clear", {});
  });
}
