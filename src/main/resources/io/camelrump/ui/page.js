// Shows a run for as long as it goes on, to whoever has its token.
import { Charts } from "./charts.js";
import { Diagram } from "./diagram.js";
import { byId, setText, show } from "./elements.js";
import { isOver, showStatus } from "./status.js";
import { Steering } from "./steer.js";
import { ask, follow, TokenRefused } from "./stream.js";

const KEPT = "token";

/** The address brings it behind its #, where no server and no log sees it; the tab keeps it, and the address loses it. */
function token() {
  const brought = new URLSearchParams(location.hash.slice(1)).get("token");
  if (brought) {
    sessionStorage.setItem(KEPT, brought);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEPT);
}

async function watch(token) {
  const charts = new Charts(byId("charts"));
  const diagram = new Diagram(byId("diagram"), byId("route-list"));
  const steering = new Steering(token);
  let over = false;
  let isFirst = true;
  await follow(
    token,
    ({ time, runs, routes, steps }) => {
      diagram.update(routes, steps);
      const [run, ...others] = runs;
      if (run != null) {
        show(byId("run"), true);
        over = isOver(run);
        showStatus(run, others);
        steering.update(run);
        charts.add(time, run);
        if (isFirst) {
          isFirst = false;
          ask("status/series", token).then((series) => charts.addPast(series, time - run.seconds));
        }
      }
      return run != null && !over;
    },
    (connection, reason) => connected(connection, reason, over),
  );
}

function connected(connection, reason, over) {
  const place = byId("connection");
  place.className = over ? "" : connection;
  setText(
    place,
    over ? "The run is over" : connection === "live" ? "Live" : `No answer (${reason}): trying again`,
  );
}

async function begin(known) {
  show(byId("login"), false);
  try {
    await watch(known);
  } catch (error) {
    if (!(error instanceof TokenRefused)) {
      throw error;
    }
    sessionStorage.removeItem(KEPT);
    logIn("This token is not that of the run.");
  }
}

function logIn(objection) {
  setText(byId("connection"), "Not connected");
  show(byId("run"), false);
  show(byId("login"), true);
  setText(byId("login-error"), objection);
  byId("token").focus();
}

byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEPT, byId("token").value.trim());
  // a new page has no leftover of the one before
  location.reload();
});

const known = token();
if (known) {
  begin(known);
} else {
  logIn("");
}
