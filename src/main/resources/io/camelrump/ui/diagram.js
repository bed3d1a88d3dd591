// The routes that run, with counts on their arrows: as a drawing, and as a list for those who do not see it.
import { drawn, element, setText } from "./elements.js";
import { count, short } from "./format.js";
import { BOX, countedAt, layout } from "./layout.js";

const TIP = 7;
/** Beside an arrow that may come from above. */
const TITLE = 34;
const LETTERS = 29;

export class Diagram {
  #place;
  #list;
  #routes = [];
  #steps = {};
  #width = 0;
  /** By the id of a step: what to do with its counts. */
  #shown = new Map();

  constructor(place, list) {
    this.#place = place;
    this.#list = list;
    new ResizeObserver(() => this.#draw(false)).observe(place);
  }

  /** @param routes null where they are those of the line before */
  update(routes, steps) {
    this.#steps = steps;
    if (routes != null) {
      this.#routes = routes;
      this.#draw(true);
    }
    this.#count();
  }

  #count() {
    for (const [id, shows] of this.#shown) {
      const [messages, keys, failed] = this.#steps[id] ?? [0, 0, 0];
      shows.forEach((show) => show(messages, keys, failed));
    }
  }

  #draw(isNew) {
    const width = this.#place.clientWidth;
    if (!isNew && width === this.#width) {
      return;
    }
    this.#width = width;
    this.#shown.clear();
    const plan = layout(this.#routes, width);
    const name = "Routes that run, as the list that follows names them";
    const picture = drawn("svg", { viewBox: `-1 -1 ${plan.width + 16} ${plan.height + 2}`, width: plan.width + 16, role: "img", "aria-label": name });
    plan.lanes.forEach((lane) => picture.append(this.#lane(lane)));
    plan.arrows.forEach((arrow) => picture.append(this.#arrow(arrow)));
    this.#place.replaceChildren(picture);
    this.#list.replaceChildren(...this.#routes.map((route) => this.#listed(route)));
    this.#count();
  }

  #lane(lane) {
    const { route, x, y } = lane;
    return drawn(
      "g",
      {},
      drawn("rect", { class: "lane", x, y, width: lane.width, height: lane.height, rx: 8 }),
      written("name", x + TITLE, y + 17, route.id),
      written(route.isOwn ? "own" : "place", x + TITLE, y + 34, route.isOwn ? `edited: ${route.place.split("/").at(-1)}` : route.place),
      ...lane.nodes.map((node) => this.#node(node)),
    );
  }

  #node(node) {
    const drawing = drawn(
      "g",
      { class: node.isEnd ? "ends" : "" },
      drawn("title", {}, `${node.id}: ${kind(node)}${node.description ? `. ${node.description}` : ""}`),
      drawn("rect", { class: "box", x: node.x, y: node.y, width: BOX.width, height: BOX.height, rx: 6 }),
      written("name", node.x + 10, node.y + 18, node.id),
      written("kind", node.x + 10, node.y + 35, kind(node)),
    );
    this.#show(node.id, (messages, keys, failed) => drawing.classList.toggle("failing", failed > 0));
    return drawing;
  }

  #arrow(arrow) {
    const points = arrow.points();
    const drawing = drawn("g", {}, drawn("polyline", { class: "arrow", points: points.join(" ") }), tip(points));
    const place = arrow.label();
    if (place != null) {
      const text = written("count", ...place, "");
      drawing.append(text);
      this.#show(arrow.counts, (messages, keys) => setText(text, counted(messages, keys)));
    }
    return drawing;
  }

  #listed(route) {
    const place = route.isOwn ? `edited, in ${route.place}` : route.place;
    return element("div", {}, element("p", {}, `Route ${route.id} (${place}) from ${route.origin}`), this.#stepList(route.steps));
  }

  #stepList(steps) {
    return element(
      "ul",
      {},
      ...steps.map((step) => {
        const item = element("li", {}, element("span"));
        this.#show(countedAt(step), (messages, keys, failed) =>
          setText(item.firstChild, `${step.id}, ${kind(step)}: ${count(messages)} messages, ${count(keys)} keys, ${count(failed)} failed`),
        );
        if (step.steps.length > 0) {
          item.append(this.#stepList(step.steps));
        }
        return item;
      }),
    );
  }

  #show(id, shows) {
    this.#shown.set(id, [...(this.#shown.get(id) ?? []), shows]);
  }
}

function kind(node) {
  const label = node.to ?? node.label;
  return label ? `${node.kind} ${label}` : node.kind;
}

function counted(messages, keys) {
  return keys > 0 ? `${short(keys)} keys in ${messages === 1 ? "1 message" : `${short(messages)} messages`}` : messages > 0 ? short(messages) : "";
}

function written(style, x, y, text) {
  return drawn("text", { class: style, x, y }, text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);
}

/** The head of an arrow, by the direction of its last part. */
function tip(points) {
  const [[x0, y0], [x, y]] = points.slice(-2);
  const [dx, dy] = [Math.sign(x - x0), Math.sign(y - y0)];
  const back = [x - dx * TIP, y - dy * TIP];
  const side = [dy * TIP * 0.5, dx * TIP * 0.5];
  const corners = [[x, y], [back[0] + side[0], back[1] + side[1]], [back[0] - side[0], back[1] - side[1]]];
  return drawn("polygon", { class: "tip", points: corners.join(" ") });
}
