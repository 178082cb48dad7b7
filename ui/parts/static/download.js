// A text that the server made, saved as a file by the browser.

import { el } from "./dom.js";

/** Saves `file` ({name, mime, text}) as a download. */
export function saveFile(file) {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.mime }));
  const link = el("a", { download: file.name });
  link.href = address;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
