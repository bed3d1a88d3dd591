// Where each route, step and arrow of the diagram stands: numbers alone, nothing of the page.
export const BOX = { width: 216, height: 44 };
const GAP = 34;
const INDENT = 24;
const TRUNK = 12;
const PADDING = 14;
const TITLE = 42;
const BETWEEN = 52;
/** Of these blocks each child is a branch of its own, in the others one follows the other. */
const BRANCHING = ["choice", "multicast", "doTry", "loadBalance", "recipientList"];

/**
 * @param routes as the run has them, each with an origin and steps
 * @param width that there is
 * @returns lanes with their nodes, all arrows, and the size of the whole
 */
export function layout(routes, width) {
  const lanes = inOrder(routes).map(lane);
  const columnWidth = Math.max(...lanes.map((each) => each.width), 0) + BETWEEN;
  const columns = Math.max(1, Math.min(lanes.length, Math.floor((width + BETWEEN) / columnWidth)));
  let top = 0;
  for (let first = 0; first < lanes.length; first += columns) {
    const row = lanes.slice(first, first + columns);
    row.forEach((each, column) => move(each, column * columnWidth, top));
    top += Math.max(...row.map((each) => each.height)) + BETWEEN;
  }
  const arrows = lanes.flatMap((each) => each.arrows);
  return {
    lanes,
    arrows: [...arrows, ...between(lanes)],
    width: Math.max(0, columns * columnWidth - BETWEEN),
    height: Math.max(0, top - BETWEEN),
  };
}

/** A route comes after the one that feeds it. */
function inOrder(routes) {
  const fed = new Set(routes.flatMap((route) => targets(route.steps)));
  const order = [];
  const visit = (route) => {
    if (!order.includes(route)) {
      order.push(route);
      const next = targets(route.steps);
      routes.filter((other) => next.includes(other.origin)).forEach(visit);
    }
  };
  routes.filter((route) => !fed.has(route.origin)).forEach(visit);
  routes.forEach(visit);
  return order;
}

/** Id of the step whose counts are those of this one: a branch of a choice has none of its own. */
export function countedAt(step) {
  return ["when", "otherwise"].includes(step.kind) ? step.steps[0]?.id : step.id;
}

function targets(steps) {
  return steps.flatMap((step) => [...(isQueue(step) ? [step.to] : []), ...targets(step.steps)]);
}

/** What a step sends to a server, no route takes from there. */
function isQueue(step) {
  return step.to != null && !step.to.startsWith("rump:");
}

function lane(route) {
  const origin = { id: route.id, kind: "from", label: route.origin, isEnd: true, x: PADDING, y: TITLE };
  const made = { route, nodes: [origin], arrows: [], x: 0, y: 0, bottom: TITLE + BOX.height };
  addSteps(made, route.steps, PADDING, origin);
  made.width = Math.max(...made.nodes.map((node) => node.x)) + BOX.width + PADDING;
  made.height = made.bottom + PADDING;
  return made;
}

function addSteps(lane, steps, x, before, parent = null, branches = false) {
  let last = before;
  for (const step of steps) {
    const node = { ...step, label: step.to ?? step.label, isEnd: step.to != null, x, y: lane.bottom + GAP };
    lane.bottom = node.y + BOX.height;
    lane.nodes.push(node);
    lane.arrows.push(last == null ? branch(parent, node) : straight(last, node));
    if (step.steps.length > 0) {
      addSteps(lane, step.steps, x + INDENT, null, node, BRANCHING.includes(step.kind));
    }
    last = branches ? null : node;
  }
}

/** Down along the left side, where the branches of a block leave room. */
function straight(from, to) {
  const x = (node) => node.x + TRUNK;
  return { counts: countedAt(to), from, to, points: () => [[x(from), from.y + BOX.height], [x(from), to.y]], label: () => [x(to) + 8, to.y - 10] };
}

function branch(from, to) {
  const middle = () => to.y + BOX.height / 2;
  return {
    counts: countedAt(to),
    from,
    to,
    points: () => [[from.x + TRUNK, from.y + BOX.height], [from.x + TRUNK, middle()], [to.x, middle()]],
    label: () => [to.x + 8, to.y - 10],
  };
}

function move(lane, x, y) {
  lane.x = x;
  lane.y = y;
  for (const node of lane.nodes) {
    node.x += x;
    node.y += y;
  }
}

/** From a step that sends to a queue to the route that takes from there. */
function between(lanes) {
  return lanes.flatMap((from) =>
    from.nodes
      .filter(isQueue)
      .flatMap((node) => lanes.filter((to) => to.route.origin === node.to).map((to) => link(from, node, to))),
  );
}

function link(lane, from, target) {
  const to = target.nodes[0];
  const middle = (node) => node.y + BOX.height / 2;
  const isBeside = target.x > lane.x && target.y === lane.y;
  const isBelow = target.x === lane.x && target.y > lane.y && from === lane.nodes.at(-1);
  const right = Math.max(lane.x + lane.width, target.x + target.width) + 12;
  const across = target.x - BETWEEN / 2;
  return {
    counts: null,
    from,
    to,
    points: () =>
      isBelow
        ? [[from.x + TRUNK, from.y + BOX.height], [from.x + TRUNK, to.y]]
        : isBeside
          ? [[from.x + BOX.width, middle(from)], [across, middle(from)], [across, middle(to)], [to.x, middle(to)]]
          : [[from.x + BOX.width, middle(from)], [right, middle(from)], [right, middle(to)], [to.x + BOX.width, middle(to)]],
    label: () => null,
  };
}
