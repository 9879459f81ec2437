// What came of an appointment: the ledger, as the portal's server read it by REST
// and as the signed webhook told it.

import { at, ending, minutes } from "./words.js";

const box = document.getElementById("outcome");
const patience = 30; // times that the webhook is looked for, a second apart

const parts = {
  started: (e) => `${e.by?.name ?? "Somebody"} came in first`,
  window_opened: (e) => (e.window === "final" ? "The last window opened" : "A window to extend opened"),
  extended: (e) => `${e.by?.name ?? "Somebody"} extended by ${minutes(e.minutes)}, until ${at(e.ends_at)}`,
  ended: (e) => ending(e),
};

export async function showOutcome() {
  document.getElementById("time")?.after(box); // beside the meeting, if there is one
  box.hidden = false;
  for (let tries = 0; tries < patience; tries++) {
    try {
      const outcome = await (await fetch(box.dataset.from)).json();
      write(outcome);
      if (outcome.webhook && outcome.rest?.ending) return;
    } catch {
      document.getElementById("from-rest").textContent = "The portal does not answer; trying again…";
    }
    await new Promise((next) => setTimeout(next, 1000));
  }
  const webhook = document.getElementById("from-webhook");
  if (!webhook.classList.contains("good")) {
    webhook.textContent = "No webhook came. Does Overtime's --webhooks file name this portal's /webhooks, with the secret it has?";
  }
}

function write({ rest, webhook, same, trouble }) {
  const told = rest?.ending ? rest : webhook;
  if (told) {
    const ended = told.ending?.ended_at ?? told.ended_at;
    document.getElementById("sum").textContent = `From ${at(told.started_at)} to ${at(ended)}.`;
    draw(told.ledger, ended);
    document.getElementById("ledger").replaceChildren(...told.ledger.map(line));
  }
  say("from-rest", Boolean(rest?.ending), trouble ? `Overtime cannot be asked: ${trouble}` :
    rest?.ending ? `Read by REST: ${count(rest.ledger)}.` : "Asking Overtime…");
  say("from-webhook", Boolean(webhook), !webhook ? "Waiting for the webhook…" :
    `Told by webhook, signature checked: ${same ? "the same" : rest?.ending ? "not the same," : ""} ${count(webhook.ledger)}.`);
  document.getElementById("json").textContent = JSON.stringify({ rest, webhook }, null, 2);
}

const count = (ledger) => `${ledger.length} ${ledger.length === 1 ? "entry" : "entries"}`;

function say(id, good, words) {
  const line = document.getElementById(id);
  line.textContent = words;
  line.classList.toggle("good", good);
}

function line(entry) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = entry.at;
  time.className = "figures quiet";
  time.textContent = at(entry.at);
  item.className = entry.kind;
  item.append(time, " ", (parts[entry.kind] ?? (() => entry.kind))(entry));
  return item;
}

/** The planned time, then what was added; what was not used is pale. */
function draw(ledger, ended) {
  let from = Date.parse(ledger[0]?.at);
  document.getElementById("bar").replaceChildren(...ledger.filter((e) => e.kind === "started" || e.kind === "extended").map((e) => {
    const to = Date.parse(e.ends_at), used = Math.min(Math.max(Date.parse(ended) - from, 0), to - from);
    const piece = document.createElement("span");
    piece.className = e.kind === "started" ? "planned" : "added";
    // A strict Content-Security-Policy forbids attributes of style, and allows this.
    piece.style.flexGrow = to - from;
    piece.style.setProperty("--used", `${(100 * used) / (to - from)}%`);
    from = to;
    return piece;
  }));
}

// The page of an appointment that is over has nothing else.
if (!document.querySelector("overtime-meeting")) showOutcome();
