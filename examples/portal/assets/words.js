// Codes and instants as sentences.

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** 15:45, where this person is. */
export const at = (instant) => clock.format(new Date(instant));

export const minutes = (n) => (n === 1 ? "1 minute" : `${n} minutes`);

/** m:ss, rounded up: 0:00 is the end and not before. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600), rest = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${pad(rest)}:${pad(seconds % 60)}` : `${rest}:${pad(seconds % 60)}`;
}

/** Why a press was refused: an OvertimeError of embed.js. */
export function refusal(error) {
  switch (error.code) {
    case "already_extended": {
      const who = `${error.by || "Somebody"} was faster`;
      return error.endsAt ? `${who}: extended by ${minutes(error.minutes)}, until ${at(error.endsAt)}.` : `${who}. There is nothing left to do.`;
    }
    case "no_window":
      return error.opensAt ? `Not yet. You can extend from ${at(error.opensAt)} on.` : "Not yet. You will see here when you can.";
    case "no_time_left": return "Another appointment follows, so this one cannot be longer.";
    case "bad_minutes": return "An extension is 10 to 30 minutes.";
    case "forbidden": return "You may not do that in this appointment.";
    case "over": return "It has ended already.";
    case "not_joined": return "Come into the meeting first.";
    case "offline": return "The connection is lost just now, so it was not done. Try again when it is back.";
    case "unanswered": return "No answer came, so it may have been done or not. See the clock, then try again.";
    case "too_many": return "That was too much at once. Wait a moment.";
    case "unavailable": return "Overtime cannot do that just now. Try again in a moment.";
  }
  return `It was not done: ${error.message || error}`; // a later server may know more codes
}

/** Why the meeting cannot be shown in this page: for whoever looks after the portal. */
export function unseen(error) {
  switch (error.code) {
    case "not_embeddable": return `This page may not show meetings: ${location.origin} is not in Overtime's --embed-origins.`;
    case "unreachable": return "Overtime does not answer.";
  }
  return error.message || String(error);
}

/** Why this person is out of it. */
export function parting(detail) {
  switch (detail.code) {
    case "left": return "You left. Load this page to come back.";
    case "over": return "You are out: it is over.";
    case "removed": return "You were removed.";
    case "denied": return "You were not let in.";
    case "replaced": return "You came in somewhere else, so this page let go.";
    case "expired_token": return "This page is too old to come in. Load it again.";
    case "room_full": return "The meeting is full.";
  }
  return detail.message || "You are out of the meeting.";
}

/** How it ended. The names are those of the ledger or of embed.js. */
export function ending({ reason, by, text }) {
  const who = by?.name ?? by;
  const how = reason === "expired" ? "Time was up." : who ? `${who} ended it.` : "It was ended.";
  return text ? `${how} “${text}”` : how;
}
