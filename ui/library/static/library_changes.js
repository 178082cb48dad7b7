// Adding papers: files by button or drop, then progress, then a report of what became of them.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { changeReport } from "./change_report.js";

const UPLOAD = "gradio_api/upload";
const STAGES = {
  sending: "Sending the files",
  starting: "Starting",
  reading: "Reading the files",
  adding: "Adding papers",
  saving: "Checking and saving the library",
};

/**
 * Draws the place for files. `props.value` is `{suffixes, max_bytes, change}`; `change` is null, what is
 * going on (`{stage, done, total}`), or a report.
 *
 * Raises `upload` with `{files: [{path, name}], refused: [{name, reason}], keep_without_abstract}`, and
 * `stop`.
 */
export function mount(root, props, trigger, watch) {
  const status = el("p", { class: "visually-hidden", role: "status" });
  const bar = progressBar(() => trigger("stop", {}));
  const report = el("div", { class: "report-place" });
  const drop = dropPlace((files) => send(files));
  root.append(
    el("h2", { class: "visually-hidden" }, "Add papers"),
    drop.element,
    bar.element,
    status,
    report,
  );

  async function send(files) {
    if (!files.length || drop.isBusy()) return;
    show({ stage: "sending" });
    const refused = [];
    const sent = [];
    for (const file of files) {
      const fault = faultOf(file, props.value);
      if (fault) refused.push({ name: file.name, reason: fault });
      else {
        try {
          sent.push({ path: await upload(file), name: file.name });
        } catch (error) {
          refused.push({ name: file.name, reason: error.message });
        }
      }
    }
    trigger("upload", { files: sent, refused, keep_without_abstract: drop.keepsAll() });
  }

  function show(change) {
    const isGoing = change.stage in STAGES;
    drop.setBusy(isGoing);
    bar.draw(isGoing ? change : null);
    report.replaceChildren(...(isGoing ? [] : [changeReport(change, () => report.replaceChildren())]));
    const said = isGoing ? STAGES[change.stage] : "";
    if (status.textContent !== said) status.textContent = said;
  }

  function draw() {
    const { suffixes, change } = props.value;
    drop.accept(suffixes);
    if (change) show(change);
  }

  watch("value", draw);
  draw();
}

function faultOf(file, limits) {
  if (file.size > limits.max_bytes) {
    return `has ${Math.round(file.size / 2 ** 20)} MB, the limit is ${limits.max_bytes / 2 ** 20} MB`;
  }
  const name = file.name.toLowerCase();
  return limits.suffixes.some((suffix) => name.endsWith(suffix))
    ? null
    : `is not one of ${limits.suffixes.join(" ")}`;
}

async function upload(file) {
  const body = new FormData();
  body.append("files", file);
  let response;
  try {
    response = await fetch(UPLOAD, { method: "POST", body });
  } catch {
    throw new Error("could not be sent; is the server still running?");
  }
  if (!response.ok) throw new Error(`was not taken by the server (${response.status})`);
  const [path] = await response.json();
  return path;
}

function dropPlace(take) {
  let busy = false;
  const input = el("input", {
    type: "file",
    multiple: true,
    hidden: true,
    onchange: () => {
      take([...input.files]);
      input.value = "";
    },
  });
  const button = el(
    "button",
    { type: "button", class: "button", onclick: () => input.click() },
    icon("plus"),
    "Add papers",
  );
  const kinds = el("span", { class: "kinds" });
  const keep = el("input", { type: "checkbox" });
  const keepAll = el("label", { class: "keep-all" }, keep, "Keep papers without an abstract");
  const element = el("div", { class: "drop" }, button, kinds, keepAll, input);
  const over = (event) => {
    event.preventDefault();
    element.classList.toggle("is-over", !busy);
  };
  element.addEventListener("dragenter", over);
  element.addEventListener("dragover", over);
  element.addEventListener("dragleave", () => element.classList.remove("is-over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });
  return {
    element,
    isBusy: () => busy,
    keepsAll: () => keep.checked,
    setBusy(isBusy) {
      busy = isBusy;
      button.disabled = isBusy;
    },
    accept(suffixes) {
      input.accept = suffixes.join(",");
      kinds.textContent = `or drop files here: ${suffixes.join(" ")}`;
    },
  };
}

function progressBar(stop) {
  const name = el("span", { class: "stage" });
  const bar = el("progress", { "aria-label": "Progress of the change" });
  const count = el("span", { class: "done" });
  const button = el("button", { type: "button", class: "button", onclick: stop }, icon("stop"), "Stop");
  const element = el("div", { class: "going", hidden: true }, name, bar, count, button);
  return {
    element,
    draw(change) {
      element.hidden = change === null;
      if (!change) return;
      name.textContent = STAGES[change.stage];
      button.hidden = change.stage === "sending";
      if (change.total) {
        bar.max = change.total;
        bar.value = change.done;
        count.textContent = `${change.done.toLocaleString("en")} of ${change.total.toLocaleString("en")}`;
      } else {
        bar.removeAttribute("value");
        count.textContent = "";
      }
    },
  };
}
