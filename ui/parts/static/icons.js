// The icons of the page, as lines on a 20 by 20 grid.

const NAMESPACE = "http://www.w3.org/2000/svg";

const LINES = {
  alert: "M10 3 L18 17 H2 Z M10 8 V12 M10 14.4 V14.6",
  back: "M9 4 L3 10 L9 16 M3 10 H17",
  check: "M4 10.5 L8.2 14.7 L16 6",
  close: "M5 5 L15 15 M15 5 L5 15",
  copy: "M7 7 H16 V17 H7 Z M13 7 V3 H4 V13 H7",
  dark: "M16.5 12.5 A7 7 0 1 1 8 3.5 A5.6 5.6 0 0 0 16.5 12.5 Z",
  down: "M5 8 L10 13 L15 8",
  edit: "M4 16 L4.8 12.6 L13.4 4 L16 6.6 L7.4 15.2 Z M11.6 5.8 L14.2 8.4",
  light: "M10 6.5 A3.5 3.5 0 1 1 9.99 6.5 M10 1.5 V3.5 M10 16.5 V18.5 M1.5 10 H3.5 M16.5 10 H18.5 M4 4 L5.4 5.4 M14.6 14.6 L16 16 M4 16 L5.4 14.6 M14.6 5.4 L16 4",
  missing: "M10 2.5 A7.5 7.5 0 1 1 9.99 2.5 M6.5 10 H13.5",
  note: "M10 2.5 A7.5 7.5 0 1 1 9.99 2.5 M10 9 V14 M10 6 V6.2",
  pin: "M7 3 H13 L12.4 9 L15 12 H5 L7.6 9 Z M10 12 V17.5",
  plus: "M10 4 V16 M4 10 H16",
  question: "M10 2.5 A7.5 7.5 0 1 1 9.99 2.5 M7.6 7.8 A2.4 2.4 0 1 1 10.6 10.1 Q10 10.4 10 11.6 M10 14 V14.2",
  quote: "M8.5 6 Q4 7 4 11 V14 H8.5 V10 H5.5 M16 6 Q11.5 7 11.5 11 V14 H16 V10 H13",
  remove: "M4 6 H16 M8 6 V3.5 H12 V6 M5.5 6 L6.3 17 H13.7 L14.5 6 M8.5 9 V14 M11.5 9 V14",
  retry: "M15.8 7 A6.6 6.6 0 1 0 16.6 11 M16.4 3 V7.2 H12.2",
  save: "M10 3 V12.5 M6 9 L10 13 L14 9 M3.5 13.5 V17 H16.5 V13.5",
  search: "M8.5 3 A5.5 5.5 0 1 1 8.49 3 M12.6 12.6 L17 17",
  stop: "M6 6 H14 V14 H6 Z",
  system: "M3 4 H17 V13.5 H3 Z M7.5 17 H12.5 M10 13.5 V17",
  thumbDown: "M6.5 11.5 V3.5 H3 V11.5 Z M6.5 10.5 L9.5 17.5 Q12 17.5 11.4 14.5 L11 12 H16 Q17.4 12 17.1 10.5 L15.9 5 Q15.6 3.5 14.2 3.5 H6.5",
  thumbUp: "M6.5 8.5 V16.5 H3 V8.5 Z M6.5 9.5 L9.5 2.5 Q12 2.5 11.4 5.5 L11 8 H16 Q17.4 8 17.1 9.5 L15.9 15 Q15.6 16.5 14.2 16.5 H6.5",
};

/** Returns the icon as an element that screen readers pass over; the text beside it names it. */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  const attributes = {
    class: "icon",
    viewBox: "0 0 20 20",
    width: "1em",
    height: "1em",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.6",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", LINES[name]);
  svg.append(path);
  return svg;
}
