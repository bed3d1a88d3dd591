// What the run says of itself, as text and tables.
import { byId, element, setFigures, setItems, setRows, setText, show } from "./elements.js";
import { bytes, count, duration, millis, percent, title, UNKNOWN } from "./format.js";

const OUTCOMES = ["restored", "kept", "vanished", "filtered", "deleted", "handedOn", "refused", "inFlight"];
const OUTCOME_NAMES = { handedOn: "handed on", inFlight: "in flight" };
const WARNINGS_SHOWN = 20;
const WAY_BACK = ["way-back", "going-back"];
const GOOD_ENDS = ["complete"];
const OPEN_STATES = ["running", "stopping"];

export function isOver(run) {
  return !OPEN_STATES.includes(run.state);
}

/** Shows the run that reads the source, and beside it the one that looks for keys of the target alone, if there is one. */
export function showStatus(run, others) {
  document.title = `${phase(run)}${isOver(run) ? "" : ` ${percent(run.progress)}`} – camel-rump`;
  setText(byId("migration"), run.migration);
  course(run);
  outcomes(run);
  cutover(run);
  comparison(run, others);
  latency(run.latency);
  nodes(run.nodes);
  targetNodes(run.targetNodes);
  warnings([run, ...others].flatMap((each) => each.warnings));
}

function phase(run) {
  return run.differing != null && run.phase === "copying" ? "Comparing" : title(run.phase);
}

function course(run) {
  setText(byId("phase"), run.paused && !isOver(run) ? `${phase(run)}, paused` : phase(run));
  const state = byId("state");
  setText(state, run.state === "running" ? "" : title(run.state));
  state.className = isOver(run) ? (GOOD_ENDS.includes(run.state) ? "good" : "bad") : "";
  setText(byId("cause"), run.cause ?? "");
  show(byId("cause"), run.cause != null);
  byId("progress").value = run.progress;
  // it copies changes alone
  show(byId("progress"), !WAY_BACK.includes(run.phase));
  setFigures(byId("course"), [
    ["Scanned", WAY_BACK.includes(run.phase) ? null : percent(run.progress)],
    ["Time left", timeLeft(run)],
    ["Elapsed", duration(run.seconds)],
    ["Keys per second", count(run.keysPerSecond)],
    ["Bytes per second", bytes(run.bytesPerSecond)],
    ["Limit", limit(run.limits)],
    ["Keys at the source", count(run.sourceKeys)],
    ["Bytes read", bytes(run.keys.bytes)],
  ]);
}

/** Of the first copy or of a comparison alone: nobody knows how long a live run follows its source. */
function timeLeft(run) {
  if (run.secondsLeft != null) {
    return `about ${duration(run.secondsLeft)}`;
  }
  return run.phase === "copying" && !isOver(run) ? UNKNOWN : null;
}

function limit(limits) {
  const parts = [];
  if (limits.maxKeysPerSecond != null) {
    parts.push(`${count(limits.maxKeysPerSecond)} keys/s`);
  }
  if (limits.maxBytesPerSecond != null) {
    parts.push(`${bytes(limits.maxBytesPerSecond)}/s`);
  }
  return parts.length === 0 ? "none" : parts.join(", ");
}

function outcomes(run) {
  // a comparison keeps all that it does not repair
  const names = run.differing == null ? OUTCOME_NAMES : { ...OUTCOME_NAMES, kept: "compared" };
  const rows = [["read", run.keys.read], ...OUTCOMES.map((name) => [names[name] ?? name, run.keys[name]])];
  setRows(byId("outcomes").tBodies[0], rows, row, ([name, keys], [parts]) => {
    setText(parts.cells[0], name);
    setText(parts.cells[1], count(keys));
  });
}

function row() {
  return [element("tr", {}, element("th", { scope: "row" }), element("td"))];
}

function cutover(run) {
  show(byId("cutover-section"), run.live != null);
  if (run.live == null) {
    return;
  }
  const { now, reason, bigKeys, bigKeySeconds } = run.canCutOver;
  const word = WAY_BACK.includes(run.phase) ? "lead back" : "cut over";
  const ready = byId("ready");
  setText(ready, run.cutover != null ? ended(run.cutover) : now ? `It can ${word} now.` : `It cannot ${word} now: ${reason}.`);
  ready.className = now || run.cutover?.convergedAsOf != null ? "good" : "";
  setFigures(byId("waiting"), [
    ["Lag", duration(run.live.lagSeconds)],
    ["Changed keys that wait", count(run.live.waiting)],
    ["Not yet verified", count(run.live.unverified)],
    ["Verified", run.verified == null ? UNKNOWN : count(run.verified)],
    ["Big keys that wait", bigKeys.length === 0 ? null : `${bigKeys.length}, ${duration(bigKeySeconds)}`],
    ["Deletes held back", run.live.held === 0 ? null : count(run.live.held)],
    ["Deletes not followed", run.live.withheld === 0 ? null : count(run.live.withheld)],
    ["Gaps in the reports", run.live.gaps === 0 ? null : count(run.live.gaps)],
  ]);
  setItems(byId("big-keys"), bigKeys.map((key) => `${key.key}: ${bytes(key.bytes)}, read in ${duration(key.seconds)}`));
}

function ended(result) {
  return result.convergedAsOf != null ? `Converged as of ${result.convergedAsOf}.` : `Not converged: ${result.missing}.`;
}

function comparison(run, others) {
  const all = [run, ...others].filter((each) => each.differing != null);
  show(byId("comparison-section"), all.length > 0);
  const found = all.flatMap((each) => Object.entries(each.differing)).filter(([, keys]) => keys > 0);
  const extra = others.find((each) => each.differing != null);
  setFigures(byId("comparison"), [
    ["Differing keys", count(found.reduce((sum, [, keys]) => sum + keys, 0))],
    ...found.map(([cause, keys]) => [title(cause), count(keys)]),
    ["Names of the target looked up", extra == null ? null : count(extra.keys.read)],
  ]);
}

function latency(known) {
  setFigures(byId("latency"), [
    ["Source, PING", millis(known.sourceMillis)],
    ["Source, slowest PING", millis(known.sourceWorstMillis)],
    ["Target, last batch", millis(known.targetMillis)],
  ]);
}

function nodes(all) {
  show(byId("nodes-section"), all.length > 0);
  setRows(byId("nodes").tBodies[0], all, () => nodeRow(1), (node, [parts]) => {
    const [name, share, keys] = parts.cells;
    setText(name, node.address);
    setBar(share.firstChild, node.progress, `${node.address}: ${percent(node.progress)} scanned`);
    setText(keys, count(node.keys));
  });
}

/** How the keys are spread over them: nobody knows how many each will get. */
function targetNodes(all) {
  show(byId("target-nodes-section"), all.length > 1);
  const written = all.reduce((sum, node) => sum + node.keys, 0);
  setRows(byId("target-nodes").tBodies[0], all, () => nodeRow(2), (node, [parts]) => {
    const [name, share, keys, batch] = parts.cells;
    const part = node.keys / Math.max(1, written);
    setText(name, node.address);
    setBar(share.firstChild, part, `${node.address}: ${percent(part)} of the keys written`);
    setText(keys, count(node.keys));
    setText(batch, millis(node.batchMillis));
  });
}

function nodeRow(figures) {
  const bar = element("td", {}, element("progress", { max: "1" }));
  return [element("tr", {}, element("th", { scope: "row" }), bar, ...Array.from({ length: figures }, () => element("td")))];
}

function setBar(bar, share, label) {
  bar.value = share;
  bar.setAttribute("aria-label", label);
}

function warnings(all) {
  const shown = all.slice(-WARNINGS_SHOWN);
  const more = all.length - shown.length;
  setItems(byId("warnings"), all.length === 0 ? ["none"] : more > 0 ? [`${more} more before these`, ...shown] : shown);
}
