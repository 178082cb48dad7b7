// Light or dark: what the reader chose, or else what their system says. Loaded early, so that the
// page is never drawn in the other one first.

const KEY = "theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");

export const THEMES = ["system", "light", "dark"];

/** Returns the choice: one of `THEMES`. */
export function themeChoice() {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.includes(kept) ? kept : "system";
  } catch {
    return "system";
  }
}

/** Keeps the choice and applies it. */
export function chooseTheme(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // A browser that keeps nothing shows it until the page is loaded again.
  }
  document.body.dataset.theme = choice;
  apply();
}

function apply() {
  const choice = document.body.dataset.theme ?? themeChoice();
  const dark = choice === "dark" || (choice === "system" && DARK.matches);
  if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}

// Gradio sets the class by the system alone, and later than this.
new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
DARK.addEventListener("change", apply);
apply();
