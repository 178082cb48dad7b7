// The shapes of the map's clusters: each has one of its own beside its colour.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Plotly's names of the shapes, by the number of the cluster. */
export const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "star",
  "triangle-down",
  "x",
];

const OUTLINES = {
  circle: "M10 4 A6 6 0 1 1 9.99 4 Z",
  square: "M4.5 4.5 H15.5 V15.5 H4.5 Z",
  "triangle-up": "M10 3 L17 15.5 H3 Z",
  diamond: "M10 2.5 L17.5 10 L10 17.5 L2.5 10 Z",
  cross: "M8 3 H12 V8 H17 V12 H12 V17 H8 V12 H3 V8 H8 Z",
  star: "M10 2 L12.1 7.6 L18 7.8 L13.3 11.5 L15 17.2 L10 13.9 L5 17.2 L6.7 11.5 L2 7.8 L7.9 7.6 Z",
  "triangle-down": "M10 17 L3 4.5 H17 Z",
  x: "M3.6 6.4 L6.4 3.6 L10 7.2 L13.6 3.6 L16.4 6.4 L12.8 10 L16.4 13.6 L13.6 16.4 L10 12.8 L6.4 16.4 L3.6 13.6 L7.2 10 Z",
};
const RING = "M10 3 A7 7 0 1 1 9.99 3 Z";

/** Returns the shape of a cluster in its colour, for the list; its name stands beside it. */
export function clusterShape(number) {
  const shape = drawing(OUTLINES[SHAPES[number % SHAPES.length]]);
  shape.style.color = `var(--cluster-${number % SHAPES.length})`;
  return shape;
}

/** Returns the ring that the map draws round the papers behind the last answer. */
export function citedRing() {
  const ring = drawing(RING);
  ring.setAttribute("fill", "none");
  ring.setAttribute("stroke", "currentColor");
  ring.setAttribute("stroke-width", "2.5");
  return ring;
}

function drawing(outline) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  const attributes = {
    class: "cluster-shape",
    viewBox: "0 0 20 20",
    width: "1em",
    height: "1em",
    fill: "currentColor",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", outline);
  svg.append(path);
  return svg;
}
