// The portal's own part of an appointment: its clock, its buttons, and what happens.
// Everything it knows comes from the element's events; see docs/embedding.md.

import { at, countdown, ending, minutes, parting, refusal, unseen } from "./words.js";
import { showOutcome } from "./outcome.js";

const meeting = document.querySelector("overtime-meeting");
const get = (id) => document.getElementById(id);

let session = null; // the time line as last told
let open = null;    // the extension window that is open
let inside = false;
let connection = "good";

// The script and the frame. This runs before embed.js, so no event is missed.

// Scripts that are deferred have run by then, or could not be loaded.
addEventListener("DOMContentLoaded", () => {
  if (!customElements.get("overtime-meeting")) {
    notice("The meeting cannot be shown here just now. Your appointment is kept.",
      `${get("embed").src} did not load. Does Overtime run there, and does it serve embed.js?`);
  }
});

customElements.whenDefined("overtime-meeting")
  .then(() => meeting.ready)
  .then(() => { get("notice").hidden = true; })
  .catch((error) => notice("The meeting cannot be shown here just now. Your appointment is kept.", unseen(error)));

function notice(text, more) {
  get("notice").hidden = false;
  get("notice").classList.add("bad");
  get("notice-text").textContent = text;
  get("notice-more").textContent = more;
  get("notice-more").hidden = get("apart").hidden = false;
}

// What happens.

on("ready", () => log("The meeting is here."));
on("joined", (d) => {
  inside = true;
  know(d.session);
  const others = d.participants.filter((p) => !p.self).map((p) => p.name);
  log(others.length ? `You are in, with ${others.join(" and ")}.` : "You are in, as the first.");
});
on("session", know);
on("participant-joined", (p) => log(`${p.name} came in.`));
on("participant-left", (p) => log(`${p.name} left.`));
on("window-opened", (w) => {
  open = w;
  paint();
  log(w.grantableMinutes ? `${minutes(w.minutesLeft)} left: either of you may extend.` : `${minutes(w.minutesLeft)} left. Another appointment follows.`, w.window);
});
on("extended", (e) => {
  open = null;
  paint();
  log(`${e.by} extended by ${minutes(e.minutes)}. It ends at ${at(e.endsAt)}.`, "added");
});
on("ended", (e) => {
  inside = false;
  know(e.session);
  log(ending(e));
  showOutcome();
});
on("left", (d) => {
  inside = false;
  paint();
  if (d.code !== "over") log(parting(d));
});
on("connection", (c) => {
  if (c.state === "reconnecting") log("The connection is lost; coming back…");
  if (c.state === "lost") log("The connection is lost.");
  if (c.state === "good" && connection !== "good") log("The connection is back.");
  connection = c.state;
});
on("trouble", (t) => log(t.message || t.code));

// What an app of its own would show as a notification is in this tab's title while
// nobody looks at it.
const title = document.title;
on("notify", (n) => { if (document.hidden) document.title = `● ${n.title}`; });
document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = title; });

function on(name, hear) {
  meeting.addEventListener(name, (event) => hear(event.detail));
}

function know(told) {
  session = told;
  open = told.ending ? null : told.window;
  paint();
}

// The clock. The element counts by the server's clock; nothing is counted here.

setInterval(tick, 250);

function tick() {
  const remaining = meeting.remaining ?? null; // until embed.js is there it has none
  get("left").textContent = session?.ending ? "Over" : remaining === null ? "–:––" : countdown(remaining);
}

function paint() {
  tick();
  const over = session?.ending;
  get("time").className = `card time ${over ? "over" : open ? open.window : "calm"}`;
  const may = Boolean(inside && open && open.grantableMinutes && session?.mayExtend);
  get("extend").disabled = !may;
  get("may").textContent = may ? (open.window === "final" ? "The last chance to extend, by" : "Extend now by") : "Extend by";
  if (get("end")) get("end").disabled = !(inside && session?.mayEnd && !over);
  if (over) get("until").textContent = `${ending(over)} It was ${at(over.at)}.`;
  else if (session?.endsAt) {
    const added = session.extensions.reduce((sum, e) => sum + e.minutes, 0);
    get("until").textContent = `Ends at ${at(session.endsAt)}${added ? `, ${minutes(added)} added` : ""}`;
  }
}

// The buttons. An answer, and a refusal, is a sentence.

get("extend").addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  get("answer").textContent = "Asking…";
  try {
    const granted = await meeting.extend(Number(button.value));
    get("answer").textContent = `Extended by ${minutes(granted.extendedMinutes)}. It ends at ${at(granted.endsAt)}.`;
  } catch (error) {
    get("answer").textContent = refusal(error);
  }
});

get("end")?.addEventListener("click", () => {
  get("ask").returnValue = "";
  get("ask").showModal();
});

get("ask")?.addEventListener("close", async () => {
  if (get("ask").returnValue !== "end") return;
  get("answer").textContent = "Ending…";
  try {
    await meeting.end(get("reason").value.trim());
    get("answer").textContent = "";
  } catch (error) {
    get("answer").textContent = refusal(error);
  }
});

function log(words, tone = "") {
  get("nothing").hidden = true;
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.className = "figures quiet";
  time.textContent = at(Date.now());
  item.className = tone;
  item.append(time, " ", words);
  get("log").prepend(item);
}
