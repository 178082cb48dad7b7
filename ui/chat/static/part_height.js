// The height of the conversation: what the window leaves between the tabs and its lower edge.

/**
 * Keeps `--conversation-height` of the document at the height that `part` may have, so that the
 * composer below it and the page's footer just fit in the window.
 */
export function fitHeight(part) {
  const fit = () => {
    if (!part.isConnected) return stop();
    if (!part.offsetParent) return;
    const box = part.getBoundingClientRect();
    const composer = document.getElementById("composer")?.getBoundingClientRect();
    const below = composer ? composer.bottom - box.bottom : 0;
    const height = innerHeight - (box.top + scrollY) - below - footerHeight();
    document.documentElement.style.setProperty("--conversation-height", `${Math.floor(height)}px`);
  };
  const observer = new ResizeObserver(fit);
  const stop = () => {
    observer.disconnect();
    removeEventListener("resize", fit);
  };
  for (const id of ["composer", "masthead", "chats"]) {
    const element = document.getElementById(id);
    if (element) observer.observe(element);
  }
  observer.observe(part);
  addEventListener("resize", fit);
  fit();
}

function footerHeight() {
  const footer = document.querySelector("footer");
  if (!footer?.offsetParent) return 0;
  const { marginTop, marginBottom } = getComputedStyle(footer);
  return footer.getBoundingClientRect().height + parseFloat(marginTop) + parseFloat(marginBottom);
}
