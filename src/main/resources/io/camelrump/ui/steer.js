// The buttons, each with a question before it does anything.
import { byId, setText, show } from "./elements.js";
import { refusal } from "./stream.js";

const QUESTIONS = {
  pause: {
    title: "Pause the run?",
    text: () => "Neither the copy nor a comparison reads the source until the run is resumed. Changes are still noted, and wait.",
    yes: "Pause",
  },
  resume: { title: "Resume the run?", text: () => "Reading starts again, as fast as its limits let it.", yes: "Resume" },
  limit: { title: "Limit the run?", text: () => "The new limits hold from the next turn on. Leave a field empty for no limit.", yes: "Limit" },
  cutover: { title: "Cut over now?", text: cutoverText, yes: "Cut over" },
  "go-back": {
    title: "Go back now?",
    text: goBackText,
    yes: "Go back",
  },
  release: {
    title: "End the way back?",
    text: () => "The last changes are copied, and the run ends. What is written to the new server after that stays there alone: nobody can go back.",
    yes: "Release",
  },
  abort: { title: "Abort the run?", text: abortText, yes: "Abort", isGrave: true },
};

const BUTTONS = ["pause", "resume", "limit", "cutover", "release", "abort"];

function cutoverText(run) {
  if (run.phase === "undecided") {
    return "The clients may be half switched, as a warning says. Cut over only if they are at the target.";
  }
  return `The last changes are copied, both sides are compared, and the run ends. ${when(run)}`;
}

function when(run) {
  return run.canCutOver.now ? "It begins at once." : `It begins when it can: now ${run.canCutOver.reason}.`;
}

function goBackText(run) {
  if (run.phase === "undecided") {
    return "The clients may be half led back, as a warning says. Go back only if they are at the former source.";
  }
  return `The last changes are copied back, both sides are compared, and the run ends. ${when(run)}`;
}

function abortText(run) {
  if (run.phase === "undecided") {
    return "The clients may be half switched, as a warning says. Abort only if they are where they were before.";
  }
  return "The run ends now, before it is complete. If the source's writes are paused, they go on at once.";
}

/** A way back ends by leading the clients back. */
function ending(run) {
  return run.phase === "way-back" || run.operations.includes("go-back") ? "go-back" : "cutover";
}

/** Buttons for a run. */
export class Steering {
  #token;
  #run = null;
  #asked = null;

  constructor(token) {
    this.#token = token;
    byId("question").firstElementChild.addEventListener("submit", ({ submitter }) => {
      if (submitter.value === "yes") {
        this.#send(this.#asked, this.#asked === "limit" ? limits() : null);
      }
    });
    for (const button of BUTTONS) {
      byId(button).addEventListener("click", () => this.#ask(this.#operation(button)));
    }
  }

  update(run) {
    this.#run = run;
    setText(byId("cutover"), QUESTIONS[ending(run)].yes);
    for (const button of BUTTONS) {
      byId(button).disabled = !run.operations.includes(this.#operation(button));
    }
    show(byId("release"), run.operations.includes("release"));
  }

  #operation(button) {
    return button === "cutover" ? ending(this.#run) : button;
  }

  #ask(operation) {
    const question = QUESTIONS[operation];
    this.#asked = operation;
    setText(byId("question-title"), question.title);
    setText(byId("question-text"), question.text(this.#run));
    setText(byId("yes"), question.yes);
    show(byId("limits"), operation === "limit");
    if (operation === "limit") {
      const { maxKeysPerSecond, maxBytesPerSecond } = this.#run.limits;
      byId("max-keys").value = maxKeysPerSecond ?? "";
      byId("max-bytes").value = maxBytesPerSecond == null ? "" : maxBytesPerSecond / 1e6;
    }
    byId("question").showModal();
    if (question.isGrave) {
      byId("no").focus();
    }
  }

  async #send(operation, body) {
    const answer = byId("answer");
    answer.classList.remove("bad");
    try {
      const response = await fetch(operation, {
        method: "POST",
        headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
        body: body === null ? null : JSON.stringify(body),
      });
      if (!response.ok) {
        throw await refusal(response);
      }
      setText(answer, `${QUESTIONS[operation].yes}: done at ${new Date().toTimeString().slice(0, 8)}.`);
    } catch (error) {
      answer.classList.add("bad");
      setText(answer, error.message);
    }
  }
}

/** 0 is no limit. */
function limits() {
  return {
    maxKeysPerSecond: Number(byId("max-keys").value),
    maxBytesPerSecond: Math.round(Number(byId("max-bytes").value) * 1e6),
  };
}
