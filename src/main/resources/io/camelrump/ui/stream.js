// The status of the run, line by line, for as long as the page is open.
const SILENCE_MILLIS = 10_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 5_000;
const PERIOD_MILLIS = 1_000;

/**
 * Follows the run until its token is refused. The server ends each stream after a while, and the next one follows.
 *
 * @param heard is given each line as an object, and says whether the run goes on
 * @param changed is given "live", or "lost" with a reason
 */
export async function follow(token, heard, changed) {
  let wait = FIRST_WAIT_MILLIS;
  for (;;) {
    const begun = Date.now();
    let goesOn = false;
    try {
      for await (const line of lines(token)) {
        goesOn = heard(line);
        changed("live");
      }
    } catch (error) {
      if (error instanceof TokenRefused) {
        throw error;
      }
      changed("lost", error.message);
    }
    // a short one is of a server that sends a single line, or of a run that is over or not there yet: another may follow
    const isShort = Date.now() - begun < SILENCE_MILLIS;
    await new Promise((resolve) => setTimeout(resolve, !isShort ? 0 : goesOn ? PERIOD_MILLIS : wait));
    wait = isShort && !goesOn ? Math.min(2 * wait, LONGEST_WAIT_MILLIS) : FIRST_WAIT_MILLIS;
  }
}

export class TokenRefused extends Error {}

/** An EventSource cannot send the token, a fetch can. */
async function* lines(token) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
  try {
    const response = await fetch("status/stream", {
      headers: { Authorization: `Bearer ${token}` },
      cache: "no-store",
      signal: silence.signal,
    });
    if (!response.ok) {
      throw await refusal(response);
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
      const whole = (rest + part.value).split("\n");
      rest = whole.pop();
      yield* whole.map((line) => JSON.parse(line));
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** One answer as an object. */
export async function ask(path, token) {
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
  if (!response.ok) {
    throw await refusal(response);
  }
  return response.json();
}

export async function refusal(response) {
  const answer = await response.json().catch(() => ({}));
  const reason = answer.error ?? `HTTP status ${response.status}`;
  return response.status === 401 ? new TokenRefused(reason) : new Error(reason);
}
